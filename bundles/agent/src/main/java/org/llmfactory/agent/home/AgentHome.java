package org.llmfactory.agent.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.Home;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The home that the framework property {@value Home#PROPERTY} names; {@code ~/.llm-factory} when it is not set. Agents that
 * share a database share the keys to it too: {@value #SECRETS} then names a folder that all of them mount.
 */
@Component
public final class AgentHome implements Home {
    static final String SECRETS = "llmfactory.secrets";

    private final Path root;
    private final Path secrets;

    @Activate
    public AgentHome(BundleContext context) throws IOException {
        this(located(context.getProperty(PROPERTY)), context.getProperty(SECRETS));
    }

    AgentHome(Path root, @Nullable String secrets) throws IOException {
        this.root = root;
        this.secrets = secrets == null || secrets.isBlank()
                ? root.resolve("secrets")
                : Path.of(secrets).toAbsolutePath().normalize();
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Path secrets() {
        return secrets;
    }

    private static Path located(@Nullable String configured) {
        if (configured == null || configured.isBlank()) {
            return Path.of(System.getProperty("user.home"), ".llm-factory");
        }
        return Path.of(configured).toAbsolutePath().normalize();
    }
}
