package org.llmfactory.registry.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.CardSection;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.rest.Callers;

final class CardResourceTest {
    private final AdapterRegistry registry =
            new InMemoryAdapterRegistry(StubLocalModel.of("tiny").info());
    private final InMemoryProjects projects = new InMemoryProjects().put(ProjectSettings.defaults("proj_other"));
    private final Card card = new Card();
    private final CardResource resource = new CardResource(new VisibleAdapters(registry, projects), card);

    @BeforeEach
    void register(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "{}");
        registry.register(
                new AdapterRegistry.Label("haiku", Caller.DEFAULT_PROJECT, "user-1", Visibility.PROJECT),
                "tiny",
                file,
                file);
    }

    private record Section(String name, Optional<Map<String, Object>> content) implements CardSection {
        @Override
        public Optional<Map<String, Object>> of(AdapterInfo adapter, Caller caller) {
            return content;
        }
    }

    @Test
    void sectionsAddWhatTheyKnow() {
        Section training = new Section("training", Optional.of(Map.of("job", "ftjob-1")));
        card.addSection(training);
        card.addSection(new Section("evaluations", Optional.empty()));

        JsonNode shown = resource.get(security(InMemoryAuthenticator.USER), "haiku");

        assertThat(shown.at("/adapter/name").asText()).isEqualTo("haiku");
        assertThat(shown.at("/training/job").asText()).isEqualTo("ftjob-1");
        assertThat(shown.has("evaluations")).isFalse();

        card.removeSection(training);
        assertThat(resource.get(security(InMemoryAuthenticator.USER), "haiku").has("training"))
                .isFalse();
    }

    @Test
    void cardOfWhatOneMayNotKnowDoesNotExist() {
        SecurityContext outsider = security(InMemoryAuthenticator.user("x", "proj_other", ProjectRole.OWNER));

        assertThatThrownBy(() -> resource.get(outsider, "haiku"))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("haiku");
    }

    private static SecurityContext security(Caller caller) {
        return Callers.securityContext(caller, "10.0.0.1", true);
    }
}
