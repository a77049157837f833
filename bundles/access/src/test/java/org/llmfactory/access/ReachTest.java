package org.llmfactory.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.ProjectSettings;

/** What is there for whom, row by row. Everyone's request is about the project {@code here}. */
final class ReachTest {
    /** A caller, and what his project has decided. */
    private enum Who {
        MEMBER,
        MEMBER_OF_BOTH,
        MEMBER_WITHOUT_PUBLISHED,
        MEMBER_WITHOUT_THIS,
        ADMINISTRATOR,
        ADMINISTRATOR_WITHOUT_THIS
    }

    private static Reach reach(Who who) {
        Map<String, ProjectRole> here = Map.of("here", ProjectRole.MEMBER);
        Map<String, ProjectRole> both = Map.of("here", ProjectRole.OWNER, "elsewhere", ProjectRole.OWNER);
        return switch (who) {
            case MEMBER -> reach(OrganizationRole.READER, here, settings(true, Set.of()));
            case MEMBER_OF_BOTH -> reach(OrganizationRole.READER, both, settings(true, Set.of()));
            case MEMBER_WITHOUT_PUBLISHED -> reach(OrganizationRole.READER, here, settings(false, Set.of()));
            case MEMBER_WITHOUT_THIS -> reach(OrganizationRole.READER, here, settings(true, Set.of("thing")));
            case ADMINISTRATOR -> reach(OrganizationRole.OWNER, here, settings(true, Set.of()));
            case ADMINISTRATOR_WITHOUT_THIS -> reach(OrganizationRole.OWNER, here, settings(true, Set.of("thing")));
        };
    }

    private static Reach reach(
            OrganizationRole organization, Map<String, ProjectRole> roles, ProjectSettings settings) {
        Caller caller = new Caller(
                Caller.Kind.USER, "me", "here", organization, roles, Optional.empty(), KeyScope.UNRESTRICTED);
        return new Reach(caller, Optional.of(settings));
    }

    @ParameterizedTest
    @CsvSource({
        // The project's own things, whatever it decided about those of others
        "MEMBER, here, PRIVATE, me, true, true",
        "MEMBER, here, PRIVATE, other, false, false",
        "MEMBER, here, PROJECT, other, true, true",
        "MEMBER, here, PUBLIC, other, true, true",
        "MEMBER_WITHOUT_PUBLISHED, here, PUBLIC, other, true, true",
        "MEMBER_WITHOUT_THIS, here, PUBLIC, other, true, true",
        // Those of others
        "MEMBER, elsewhere, PRIVATE, me, false, false",
        "MEMBER, elsewhere, PROJECT, other, false, false",
        "MEMBER, elsewhere, PUBLIC, other, true, true",
        "MEMBER_WITHOUT_PUBLISHED, elsewhere, PUBLIC, other, false, false",
        "MEMBER_WITHOUT_THIS, elsewhere, PUBLIC, other, false, false",
        // Belonging to the other project as well changes nothing
        "MEMBER_OF_BOTH, elsewhere, PRIVATE, me, false, false",
        "MEMBER_OF_BOTH, elsewhere, PROJECT, other, false, false",
        "MEMBER_OF_BOTH, elsewhere, PUBLIC, other, true, true",
        // An administrator looks after everything, and uses no more than others
        "ADMINISTRATOR, here, PRIVATE, other, false, false",
        "ADMINISTRATOR, elsewhere, PRIVATE, other, false, false",
        "ADMINISTRATOR, elsewhere, PROJECT, other, false, true",
        "ADMINISTRATOR, elsewhere, PUBLIC, other, true, true",
        "ADMINISTRATOR_WITHOUT_THIS, elsewhere, PUBLIC, other, false, true"
    })
    void everyRowIsDecided(
            Who who, String project, Visibility visibility, String owner, boolean usable, boolean readable) {
        for (Resource.Kind kind : List.of(Resource.Kind.ADAPTER, Resource.Kind.PRESET)) {
            Resource thing = Resource.owned(project, kind, "thing", owner, visibility);
            boolean adapter = kind == Resource.Kind.ADAPTER;

            assertThat(reach(who).includes(adapter ? Action.USE_ADAPTER : Action.USE_PRESET, thing))
                    .as("use %s", kind)
                    .isEqualTo(usable);
            assertThat(reach(who).includes(adapter ? Action.READ_ADAPTER : Action.READ_PRESET, thing))
                    .as("read %s", kind)
                    .isEqualTo(readable);
        }
    }

    @Test
    void ownIsMeantBeforeTheProjectsBeforeAPublishedOne() {
        Resource published = adapter("1", "elsewhere", "me", Visibility.PUBLIC);
        Resource foreign = adapter("2", "elsewhere", "other", Visibility.PROJECT);
        Resource older = adapter("3", "here", "other", Visibility.PROJECT);
        Resource younger = adapter("4", "here", "other", Visibility.PUBLIC);
        Resource hidden = adapter("5", "here", "other", Visibility.PRIVATE);
        Resource own = adapter("6", "here", "me", Visibility.PRIVATE);
        List<Resource> all = List.of(published, foreign, older, younger, hidden, own);

        assertThat(reach(Who.MEMBER).select(Action.USE_ADAPTER, all, adapter -> adapter))
                .containsExactly(own, older, younger, published);
        assertThat(reach(Who.MEMBER_WITHOUT_PUBLISHED).select(Action.USE_ADAPTER, all, adapter -> adapter))
                .containsExactly(own, older, younger);
        assertThat(reach(Who.ADMINISTRATOR).select(Action.READ_ADAPTER, all, adapter -> adapter))
                .containsExactly(own, older, younger, published, foreign);
    }

    @Test
    void projectPermitsBaseModels() {
        Reach allowed = reach(new ModelPermissions(ModelPermissions.Mode.ALLOW_LIST, Set.of("small")));
        Reach denied = reach(new ModelPermissions(ModelPermissions.Mode.DENY_LIST, Set.of("small")));

        assertThat(allowed.includes(Action.GENERATE, model("small"))).isTrue();
        assertThat(allowed.includes(Action.GENERATE, model("large"))).isFalse();
        assertThat(denied.includes(Action.GENERATE, model("small"))).isFalse();
        assertThat(denied.includes(Action.GENERATE, model("large"))).isTrue();
    }

    @Test
    void unknownProjectHasItsOwnThingsAndNothingElse() {
        Reach reach = new Reach(reach(Who.MEMBER).caller(), Optional.empty());

        assertThat(reach.includes(Action.GENERATE, model("small"))).isFalse();
        assertThat(reach.includes(Action.USE_ADAPTER, adapter("1", "elsewhere", "other", Visibility.PUBLIC)))
                .isFalse();
        assertThat(reach.includes(Action.USE_ADAPTER, adapter("2", "here", "other", Visibility.PROJECT)))
                .isTrue();
    }

    private static Reach reach(ModelPermissions models) {
        return new Reach(reach(Who.MEMBER).caller(), Optional.of(settings(models, true, Set.of())));
    }

    private static ProjectSettings settings(boolean published, Set<String> hidden) {
        return settings(ModelPermissions.ALL, published, hidden);
    }

    private static ProjectSettings settings(ModelPermissions models, boolean published, Set<String> hidden) {
        ProjectSettings defaults = ProjectSettings.defaults("here");
        return new ProjectSettings(
                "here",
                models,
                published,
                hidden,
                defaults.rateLimits(),
                defaults.maxConcurrent(),
                defaults.budget(),
                defaults.contentPolicy(),
                defaults.storePrompts(),
                defaults.chatRetention());
    }

    private static Resource adapter(String id, String project, String owner, Visibility visibility) {
        return Resource.owned(project, Resource.Kind.ADAPTER, id, owner, visibility);
    }

    private static ModelInfo model(String id) {
        return StubLocalModel.of(id).info();
    }
}
