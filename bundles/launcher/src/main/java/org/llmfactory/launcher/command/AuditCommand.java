package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.admin.AdminClient;
import org.llmfactory.launcher.admin.AuditEntries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Who did what. */
@Command(
        name = "audit",
        description = "The audit log: who did what, chained so that nothing can be changed unseen.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory audit list --since 1d --type api_key.created,api_key.deleted",
            "  ./factory audit export --output audit.jsonl",
            "  ./factory audit verify"
        })
final class AuditCommand extends AdminCommand {
    private static final String PATH = organization("audit_logs");

    /** Which entries. */
    static final class Filter {
        @Option(names = "--since", paramLabel = "TIME", description = "Not older than that, for example 7d.")
        @Nullable
        Duration since;

        @Option(names = "--project", split = ",", description = "Projects, by name or id.")
        List<String> projects = List.of();

        @Option(
                names = "--type",
                split = ",",
                paramLabel = "TYPE",
                description = "Events, for example api_key.created.")
        List<String> types = List.of();

        @Option(names = "--actor", split = ",", paramLabel = "ID", description = "Ids of those who did it.")
        List<String> actors = List.of();

        List<String> query(AdminClient admin) throws InterruptedException {
            List<String> query = new ArrayList<>();
            if (since != null) {
                query.add("effective_at%5Bgte%5D=" + Instant.now().minus(since).getEpochSecond());
            }
            for (String project : projects) {
                query.add("project_ids%5B%5D=" + AdminClient.encoded(admin.project(project)));
            }
            types.forEach(type -> query.add("event_types%5B%5D=" + AdminClient.encoded(type)));
            actors.forEach(actor -> query.add("actor_ids%5B%5D=" + AdminClient.encoded(actor)));
            return query;
        }
    }

    @Command(name = "list", description = "List entries, the newest first.")
    int list(
            @Mixin Filter filter,
            @Option(names = "--limit", defaultValue = "50", description = "At most (default: ${DEFAULT-VALUE}).")
                    int limit)
            throws InterruptedException {
        AdminClient admin = admin();
        JsonNode entries = admin.list(PATH, filter.query(admin), limit);
        AuditEntries.rows(entries.path("data")).forEach(terminal()::say);
        terminal().answer(entries);
        return 0;
    }

    @Command(name = "export", description = "Write entries as lines of JSON, the oldest first.")
    int export(
            @Mixin Filter filter,
            @Option(names = "--output", paramLabel = "FILE", description = "Where to (default: standard output).")
                    @Nullable
                    Path output)
            throws InterruptedException, IOException {
        AdminClient admin = admin();
        String path = PATH + "/export?" + String.join("&", filter.query(admin));
        try (InputStream entries = admin.agent().download(path)) {
            if (output == null) {
                entries.transferTo(System.out);
                System.out.flush();
            } else {
                Files.copy(entries, output);
                terminal().say("Exported to " + output);
            }
            return 0;
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new LauncherException(output + " is there already; choose another name.", e);
        }
    }

    @Command(
            name = "verify",
            description = "Look for changes, gaps and reordering in the log (exit code 0: none, 1: there are).")
    int verify() throws InterruptedException {
        JsonNode report = admin().agent().get(PATH + "/verify");
        show(report);
        return report.path("findings").isEmpty() ? 0 : 1;
    }
}
