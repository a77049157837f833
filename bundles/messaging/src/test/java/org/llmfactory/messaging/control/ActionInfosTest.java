package org.llmfactory.messaging.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.ActionInfo;
import org.llmfactory.api.network.ActionInfo.Field;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;

class ActionInfosTest {
    record Nothing() {}

    record Part(@Meaning("its name") String name) {}

    record Good(
            @Meaning("how long") Duration pause,
            @Meaning("the parts") List<Part> parts,
            @Meaning("parts by name") Map<String, Part> named,
            @Meaning("one more") Optional<Part> more,
            @Meaning("who may") Callers callers) {}

    record Silent(String name) {}

    record Nested(@Meaning("silent") List<Silent> silent) {}

    record Strange(@Meaning("a link") URI link) {}

    record Endless(@Meaning("more of it") List<Endless> more) {}

    @Test
    void anActionIsDescribedFieldByField() {
        ActionInfo info = ActionInfos.describe(action("plugin.deploy", "Deploys", Good.class));
        assertThat(info.name()).isEqualTo("plugin.deploy");
        assertThat(info.callers()).isEqualTo(Callers.CONTROLLERS);
        assertThat(info.returns()).isEmpty();
        assertThat(info.parameters())
                .containsExactly(
                        new Field("pause", "duration, as PT1M30S", "how long"),
                        new Field("parts", "list of object", "the parts"),
                        new Field("parts[].name", "string", "its name"),
                        new Field("named", "map of object", "parts by name"),
                        new Field("named.*.name", "string", "its name"),
                        new Field("more", "object, optional", "one more"),
                        new Field("more.name", "string", "its name"),
                        new Field("callers", "one of CONTROLLERS, TENANT, NETWORK", "who may"));
    }

    @Test
    void whatDoesNotSayEnoughIsRefused() {
        refused(action("plugin.deploy", " ", Nothing.class), "what it is for");
        refused(action("plugin.deploy", "Deploys", Silent.class), "the field name of");
        refused(action("plugin.deploy", "Deploys", Nested.class), "the field silent[].name of");
        refused(action("plugin.deploy", "Deploys", Strange.class), "java.net.URI");
        refused(action("plugin.deploy", "Deploys", Endless.class), "nested too deep");
    }

    @Test
    void namesHaveTheirForm() {
        for (String name : List.of("", "deploy", "Plugin.deploy", "plugin.", ".deploy", "a..b", "a b.c", "a.1")) {
            refused(action(name, "Deploys", Nothing.class), "no action's name");
        }
        refused(action("a." + "b".repeat(63), "Deploys", Nothing.class), "no action's name");
        assertThat(ActionInfos.describe(action("log-file.tail.start2", "Tails", Nothing.class)))
                .isNotNull();
    }

    private static void refused(AgentAction<?, ?> action, String reason) {
        assertThatThrownBy(() -> ActionInfos.describe(action))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private static <A extends Record> AgentAction<A, Nothing> action(String name, String why, Class<A> arguments) {
        return new AgentAction<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String why() {
                return why;
            }

            @Override
            public Class<A> arguments() {
                return arguments;
            }

            @Override
            public Class<Nothing> result() {
                return Nothing.class;
            }

            @Override
            public Callers callers() {
                return Callers.CONTROLLERS;
            }

            @Override
            public Nothing perform(AgentAddress caller, A given) {
                return new Nothing();
            }
        };
    }
}
