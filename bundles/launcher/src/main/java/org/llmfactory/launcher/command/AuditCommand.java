package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.admin.AdminClient;
import org.llmfactory.launcher.admin.AuditEntries;
import org.llmfactory.launcher.terminal.JsonTable;
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
            List<String> query = new ArrayList<>(List.of("include_extensions=true"));
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
        return show(AuditEntries.rows(entries.path("data")), entries);
    }

    @Command(
            name = "export",
            description = "Write the whole chain, as far as you may see it, as lines of JSON, the oldest first.")
    int export(
            @Option(names = "--output", paramLabel = "FILE", description = "Where to (default: standard output).")
                    @Nullable
                    Path output)
            throws InterruptedException, IOException {
        try (InputStream entries = admin().agent().download(PATH + "/export")) {
            if (output == null) {
                entries.transferTo(System.out);
                System.out.flush();
            } else {
                long bytes = Files.copy(entries, output);
                terminal().say("Exported to " + output);
                terminal().answer(Map.of("file", output.toString(), "bytes", bytes));
            }
            return 0;
        } catch (FileAlreadyExistsException e) {
            throw new LauncherException(output + " is there already; choose another name.", e);
        }
    }

    @Command(
            name = "verify",
            description = "Look for changes, gaps and reordering in the log (exit code 0: none, 1: there are).")
    int verify() throws InterruptedException {
        JsonNode report = admin().agent().get(PATH + "/verify");
        boolean intact = report.path("valid").asBoolean();
        terminal().say(report.path("entries").asText() + " entries: " + (intact ? "nothing found" : "NOT as entered"));
        if (!intact) {
            JsonTable.rows(report.path("findings"), "sequence", "kind", "id").forEach(terminal()::say);
        }
        terminal().answer(report);
        return intact ? 0 : 1;
    }
}
