package org.llmfactory.launcher.command;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.admin.AdminClient;
import org.llmfactory.launcher.admin.UsageReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What was used, by whom. */
@Command(
        name = "usage",
        description = "Tokens and requests, by the engine's own counts.",
        footerHeading = "%nExamples:%n",
        footer = {"  ./factory usage --by project --since 30d", "  ./factory usage --by adapter --since 1d --bucket 1h"
        })
final class UsageCommand implements Callable<Integer> {
    @ParentCommand
    Factory factory = new Factory();

    @Option(names = "--by", description = "project, user, key, model or adapter.")
    UsageReport.@Nullable Dimension by;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "7d",
            description = "How far back (${DEFAULT-VALUE}).")
    Duration since = Duration.ofDays(7);

    @Option(names = "--bucket", defaultValue = "1d", description = "1m, 1h or 1d (${DEFAULT-VALUE}).")
    String bucket = "1d";

    @Override
    public Integer call() throws InterruptedException {
        AdminClient admin = new AdminClient(factory.options.client());
        UsageReport report = UsageReport.read(admin, Instant.now().minus(since), bucket, by);
        report.lines().forEach(factory.options.terminal()::say);
        factory.options.terminal().answer(report.page());
        return 0;
    }
}
