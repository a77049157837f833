package org.llmfactory.launcher.command;

import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.admin.AdminClient;
import picocli.CommandLine.Option;

/** Chooses the project that a command is about. */
final class ProjectOption {
    @Option(
            names = "--project",
            description = "The project's name or id (default: the API key's own, which is the default project for the"
                    + " administrator's key).")
    @Nullable
    String project;

    /** The client, asked about the things of that project. */
    AdminClient of(AdminClient admin) throws InterruptedException {
        return project == null ? admin : admin.in(admin.project(project));
    }
}
