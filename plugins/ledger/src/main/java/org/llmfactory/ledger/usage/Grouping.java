package org.llmfactory.ledger.usage;

import java.util.Optional;
import java.util.stream.Stream;

/** What use can be told apart by. */
public enum Grouping {
    PROJECT("project_id", "project"),
    USER("user_id", "principal"),
    API_KEY("api_key_id", "api_key"),
    MODEL("model", "model"),
    /** The adapters that answered, parted by commas: an extension. */
    ADAPTER("adapter", "adapters");

    private final String field;
    private final String column;

    Grouping(String field, String column) {
        this.field = field;
        this.column = column;
    }

    /** The grouping of this name. */
    public static Optional<Grouping> of(String field) {
        return Stream.of(values())
                .filter(grouping -> grouping.field.equals(field))
                .findAny();
    }

    /** Its name in requests and answers. */
    public String field() {
        return field;
    }

    String column() {
        return column;
    }
}
