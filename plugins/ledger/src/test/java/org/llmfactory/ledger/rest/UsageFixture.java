package org.llmfactory.ledger.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.ledger.rest.TestCallers.query;
import static org.llmfactory.ledger.rest.TestCallers.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.ObjectMappers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.core.MultivaluedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.database.Database;
import org.llmfactory.ledger.journal.TestLedger;
import org.llmfactory.ledger.usage.UsageTable;
import org.llmfactory.rest.Json;

/** A ledger to count use in, at a fixed time. */
abstract class UsageFixture {
    static final Caller OWNER = Caller.platform();
    static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");
    static final Clock CLOCK = Clock.fixed(MIDNIGHT.plus(Duration.ofHours(71)), ZoneOffset.UTC);

    @TempDir
    Path home;

    TestLedger test;

    @BeforeEach
    void openLedger() {
        test = new TestLedger(database(), home, CLOCK);
    }

    @AfterEach
    void closeLedger() {
        test.close();
    }

    Database database() {
        return TestLedger.memory();
    }

    void count(String project, String user, String model, long input, long cached, long output, Instant at) {
        count(
                new UsageEntry(
                        "completions",
                        project,
                        user,
                        Optional.of("key_" + user),
                        model,
                        "",
                        Usage.ofTokens(input, cached, output)),
                at);
    }

    void count(UsageEntry entry, Instant at) {
        test.tables()
                .useTransaction(handle -> UsageTable.add(
                        handle, "chain_test", List.of(new UsageTable.Counted(at.toEpochMilli(), entry))));
    }

    static MultivaluedMap<String, String> range(String... parameters) {
        var query = query(parameters);
        query.add("start_time", Long.toString(MIDNIGHT.getEpochSecond()));
        return query;
    }

    static ObjectNode only(UsagePage page, int bucket) {
        assertThat(page.data().get(bucket).results()).hasSize(1);
        return page.data().get(bucket).results().get(0);
    }

    static <T> T openAi(UsagePage page, Class<T> type) throws Exception {
        return ObjectMappers.jsonMapper().readValue(Json.write(page), type);
    }
}
