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

/** The home that the framework property {@value Home#PROPERTY} names; {@code ~/.llm-factory} when it is not set. */
@Component
public final class AgentHome implements Home {
    private final Path root;

    @Activate
    public AgentHome(BundleContext context) throws IOException {
        this(located(context.getProperty(PROPERTY)));
    }

    AgentHome(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    }

    @Override
    public Path root() {
        return root;
    }

    private static Path located(@Nullable String configured) {
        if (configured == null || configured.isBlank()) {
            return Path.of(System.getProperty("user.home"), ".llm-factory");
        }
        return Path.of(configured).toAbsolutePath().normalize();
    }
}
