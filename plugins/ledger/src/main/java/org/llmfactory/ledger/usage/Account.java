package org.llmfactory.ledger.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.database.Sha256;
import org.llmfactory.ledger.chain.EntryFields;

/** Whose use it is and of what: everything that counters are kept apart by, but the time. */
record Account(
        String endpoint, String project, String principal, Optional<String> apiKey, String model, String adapters) {
    static Account of(UsageEntry entry) {
        return new Account(
                EntryFields.cut(entry.endpoint(), 40),
                EntryFields.cut(entry.project(), 100),
                EntryFields.cut(entry.principal(), 200),
                entry.apiKey().map(key -> EntryFields.cut(key, 100)),
                EntryFields.cut(entry.model(), 200),
                EntryFields.cut(entry.adapters(), 2_000));
    }

    /** 64 hexadecimal digits, different for every account. */
    String digest() {
        byte[][] parts = Stream.of(endpoint, project, principal, apiKey.orElse(""), model, adapters)
                .map(part -> (part.length() + ":" + part).getBytes(UTF_8))
                .toArray(byte[][]::new);
        return HexFormat.of().formatHex(Sha256.hash(parts));
    }
}
