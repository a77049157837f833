package org.llmfactory.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.Callers;

class PluginsResourceTest {
    private static final SecurityContext ADMINISTRATOR =
            Callers.securityContext(new Caller("root", "default", true), false);
    private static final SecurityContext SOMEONE =
            Callers.securityContext(new Caller("someone", "default", false), false);

    private final RecordingPluginManager plugins = new RecordingPluginManager();
    private final PluginsResource resource = new PluginsResource(plugins);

    @Test
    void theBodyIsDeployedAsAJar() throws IOException {
        byte[] jar = "jar".getBytes(StandardCharsets.UTF_8);

        PluginInfo info = resource.deploy(ADMINISTRATOR, new ByteArrayInputStream(jar));

        assertThat(info.symbolicName()).isEqualTo("jar");
        assertThat(plugins.seen).noneMatch(Files::exists);
        assertThat(resource.list(ADMINISTRATOR).data()).containsExactly(info);
    }

    @Test
    void aRemovedPluginIsNamedInTheAnswer() {
        assertThat(resource.undeploy(ADMINISTRATOR, "gone").symbolicName()).isEqualTo("gone");
        assertThat(plugins.removed).containsExactly("gone");
    }

    @Test
    void onlyAdministratorsMaySeeOrChangePlugins() {
        assertDenied(() -> resource.list(SOMEONE));
        assertDenied(() -> resource.deploy(SOMEONE, new ByteArrayInputStream(new byte[0])));
        assertDenied(() -> resource.undeploy(SOMEONE, "gone"));
        assertThat(plugins.seen).isEmpty();
        assertThat(plugins.removed).isEmpty();
    }

    private static void assertDenied(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
    }

    private static final class RecordingPluginManager implements PluginManager {
        private final List<PluginInfo> deployed = new ArrayList<>();
        private final List<Path> seen = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();

        @Override
        public List<PluginInfo> list() {
            return deployed;
        }

        @Override
        public PluginInfo deploy(Path jar) {
            seen.add(jar);
            try {
                deployed.add(new PluginInfo(Files.readString(jar), "1.0.0", "active", "0".repeat(64), true));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return deployed.get(0);
        }

        @Override
        public void undeploy(String symbolicName) {
            removed.add(symbolicName);
        }
    }
}
