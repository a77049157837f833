package org.llmfactory.auth.web;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryDirectory;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.auth.store.StubbornLedger;
import org.llmfactory.rest.testing.HttpContainer;

/** The plugin in the container of the product, with a real database and people of the test. */
final class Platform implements AutoCloseable {
    static final String EMAIL = "ada@example.org";
    static final String PASSWORD = "plover-xenon-42";

    final InMemoryDirectory directory = new InMemoryDirectory();
    final InMemoryLedger ledger = new InMemoryLedger();
    final AtomicBoolean ledgerIsFull = new AtomicBoolean();
    final InMemoryProjects projects = new InMemoryProjects().put(ProjectSettings.defaults("proj_1"));
    private final HttpContainer container;

    Platform(Path home) throws Exception {
        container = new HttpContainer(Set.of());
        container.configure("org.llmfactory.database", Map.of());
        container.configure(
                "org.apache.aries.jax.rs.whiteboard.default", Map.of("default.application.base", "/.default"));
        container.configure("org.llmfactory.auth.passwords", Map.of("memoryKib", 64, "passes", 1));
        container.context().registerService(Home.class, new FolderHome(home), null);
        container.context().registerService(Ledger.class, StubbornLedger.of(ledger, ledgerIsFull::get), null);
        container.context().registerService(Directory.class, directory, null);
        container.context().registerService(Projects.class, projects, null);
        Browser visitor = new Browser();
        await().ignoreExceptionsInstanceOf(IOException.class)
                .atMost(Duration.ofSeconds(90))
                .until(() -> isUp(visitor));
        directory.invite("ada's token", EMAIL);
        visitor.postJson(
                uri("/auth/accept"), "{\"token\":\"ada's token\",\"name\":\"Ada\",\"password\":\"" + PASSWORD + "\"}");
        directory.join(ada(), "proj_1", ProjectRole.MEMBER);
    }

    private boolean isUp(Browser visitor) throws Exception {
        for (String path : new String[] {"sign-in", "accept", "account", "oidc/start", "style.css"}) {
            if (visitor.get(uri("/auth/" + path)).statusCode() > 399) {
                return false;
            }
        }
        return visitor.get(uri("/auth/session")).statusCode() == 401
                && visitor.postJson(uri("/auth/token"), "{}").statusCode() == 401
                && visitor.postJson(uri("/auth/password"), "{}").statusCode() == 401
                && visitor.postJson(uri("/auth/sign-out"), "{}").statusCode() == 204;
    }

    void configureProvider(Map<String, Object> settings) throws ReflectiveOperationException {
        container.configure("org.llmfactory.auth.oidc", settings);
    }

    String ada() {
        return directory.userByEmail(EMAIL).orElseThrow().id();
    }

    URI uri(String path) {
        return container.uri(path);
    }

    ApiKeys keys() {
        return container.service(ApiKeys.class);
    }

    @Override
    public void close() throws IOException {
        container.close();
    }
}
