package org.llmfactory.launcher.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.llmfactory.launcher.terminal.JsonTable;
import org.llmfactory.launcher.terminal.TextTable;

/** Entries of the audit log, for people to read. */
public final class AuditEntries {
    /** Where an entry may say who did it, the most telling first. */
    private static final String[] ACTORS = {
        "actor.session.user.email",
        "actor.session.user.id",
        "actor.api_key.user.email",
        "actor.api_key.user.id",
        "actor.api_key.service_account.id",
        "actor.api_key.id",
        "actor.type"
    };

    private AuditEntries() {}

    /** A row for each entry. */
    public static List<String> rows(Iterable<JsonNode> entries) {
        TextTable table = new TextTable(List.of("when", "what", "who", "project", "to"));
        for (JsonNode entry : entries) {
            table.row(
                    Instant.ofEpochSecond(entry.path("effective_at").asLong()).toString(),
                    entry.path("type").asText(),
                    JsonTable.first(entry, ACTORS),
                    JsonTable.first(entry, "project.name", "project.id"),
                    entry.path(entry.path("type").asText()).path("id").asText());
        }
        return table.lines();
    }
}
