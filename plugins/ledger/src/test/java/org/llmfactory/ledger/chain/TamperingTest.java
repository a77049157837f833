package org.llmfactory.ledger.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.ledger.journal.TestLedger.event;
import static org.llmfactory.ledger.journal.TestLedger.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.database.Database;
import org.llmfactory.database.Secret;
import org.llmfactory.ledger.journal.TestLedger;

/** Whatever is done to ten entries behind the ledger's back, the check finds. */
class TamperingTest {
    private static final int ENTRIES = 10;

    @TempDir
    Path home;

    private TestLedger test;

    @BeforeEach
    void enterTen() {
        test = new TestLedger(database(), home, Clock.systemUTC());
        for (int i = 0; i < ENTRIES; i++) {
            test.ledger().record(event("project.created"));
            // So that the record of the end has been written for each.
            test.ledger().flush();
        }
        assertThat(test.verify().findings()).isEmpty();
    }

    Database database() {
        return TestLedger.memory();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "entry = '{}'",
                "entry = 'no json'",
                "hash = '0000000000000000000000000000000000000000000000000000000000000000'",
                "hash = 'short'",
                "previous = '0000000000000000000000000000000000000000000000000000000000000000'",
                "previous = ''",
                "id = 'audit_log-0'",
                "effective_at = effective_at + 1",
                "event_type = 'project.updated'",
                "standard = 0",
                "project = NULL",
                "project = 'proj_b'",
                "actor = 'user-2'",
                "api_key = NULL",
                "target = 'res_2'"
            })
    void changedColumnIsFound(String change) {
        sql("UPDATE audit_entry SET " + change + " WHERE seq = 5");

        assertThat(places()).containsExactly("5 CHANGED");
    }

    @Test
    void changedTextIsFound() {
        String text = test.tables()
                .withHandle(handle -> handle.createQuery("SELECT entry FROM audit_entry WHERE seq = 5")
                        .mapTo(String.class)
                        .one());
        test.tables()
                .useHandle(handle -> handle.createUpdate("UPDATE audit_entry SET entry = :entry WHERE seq = 5")
                        .bind("entry", text.replace("user-1", "user-2"))
                        .execute());

        assertThat(places()).containsExactly("5 CHANGED");
    }

    @Test
    void entryWrittenAnewWithAnotherKeyIsFound() {
        ChainKey forger = new ChainKey(new Secret(new byte[32]));
        ChainEntry row = row(5);
        test.tables()
                .useHandle(handle -> handle.createUpdate("UPDATE audit_entry SET hash = :hash WHERE seq = 5")
                        .bind("hash", forger.hash(row.previous(), row.text()))
                        .execute());

        assertThat(places()).contains("5 CHANGED");
    }

    @Test
    void gapIsFoundWhereItBegins() {
        sql("DELETE FROM audit_entry WHERE seq IN (5, 6)");

        assertThat(places()).containsExactly("5 GAP");
    }

    @Test
    void missingBeginningIsFound() {
        sql("DELETE FROM audit_entry WHERE seq <= 2");

        assertThat(places()).containsExactly("1 GAP");
    }

    @Test
    void missingEndIsFound() {
        sql("DELETE FROM audit_entry WHERE seq > 8");

        assertThat(places()).containsExactly("9 TRUNCATED");
    }

    @Test
    void missingChainIsFound() {
        sql("DELETE FROM audit_entry");

        assertThat(places()).containsExactly("1 TRUNCATED");
    }

    @Test
    void missingEndIsAGapForEverOnceTheLedgerGoesOn() {
        test.end();
        sql("DELETE FROM audit_entry WHERE seq > 8");
        test.restart();
        test.ledger().record(event("project.updated"));

        assertThat(places()).containsExactly("9 GAP");
    }

    @Test
    void exchangedEntriesAreFound() {
        sql("UPDATE audit_entry SET seq = 1000 WHERE seq = 5");
        sql("UPDATE audit_entry SET seq = 5 WHERE seq = 7");
        sql("UPDATE audit_entry SET seq = 7 WHERE seq = 1000");

        assertThat(places()).containsExactly("5 REORDERED", "7 REORDERED");
    }

    @Test
    void gapThatWasClosedByRenumberingIsFound() {
        sql("DELETE FROM audit_entry WHERE seq = 5");
        for (int sequence = 6; sequence <= ENTRIES; sequence++) {
            sql("UPDATE audit_entry SET seq = " + (sequence - 1) + " WHERE seq = " + sequence);
        }

        assertThat(places())
                .containsExactly(
                        "5 REORDERED", "6 REORDERED", "7 REORDERED", "8 REORDERED", "9 REORDERED", "10 TRUNCATED");
    }

    @Test
    void entryOfSomeoneElseAtTheEndIsFound() {
        copy(5, 11, "audit_log-forged");
        sql("UPDATE audit_entry SET entry = '{\"type\":\"forged\"}' WHERE seq = 11");

        assertThat(places()).containsExactly("11 FOREIGN");
    }

    @Test
    void copyOfAnEntryAtTheEndIsFound() {
        copy(5, 11, "audit_log-forged");

        assertThat(places()).containsExactly("11 REORDERED");
    }

    @Test
    void entryOfAnUnknownChainIsFoundUnlessItsAgentIsKnown() {
        copy(5, 11, "audit_log-forged");
        sql("UPDATE audit_entry SET chain = 'chain_other', hash = previous WHERE seq = 11");

        assertThat(places()).containsExactly("11 FOREIGN");
        assertThat(test.verify("chain_other").isValid()).isTrue();
    }

    @Test
    void ownEntryUnderTheNameOfAnotherChainIsFound() {
        copy(1, 11, "audit_log-forged");
        sql("UPDATE audit_entry SET chain = 'chain_other', seq = 1 WHERE seq = 11");

        assertThat(places()).containsExactly("1 FOREIGN");
    }

    @Test
    void chainOfAnAgentWithTheSameKeyIsCheckedToo() throws IOException {
        Path other = Files.createDirectories(home.resolve("other"));
        Files.createDirectories(other.resolve("secrets"));
        Files.copy(
                home.resolve("secrets").resolve("ledger-chain.key"),
                other.resolve("secrets").resolve("ledger-chain.key"));
        try (TestLedger second = TestLedger.beside(test, other)) {
            second.ledger().record(event("project.created"));
            second.ledger().record(event("project.created"));
            second.ledger().flush();
            assertThat(second.store().chain()).isNotEqualTo(test.store().chain());
            assertThat(places()).isEmpty();
            assertThat(test.verify().entries()).isEqualTo(ENTRIES + 2);

            sql("UPDATE audit_entry SET actor = 'x' WHERE seq = 2 AND chain = '"
                    + second.store().chain() + "'");

            assertThat(places()).containsExactly("2 CHANGED");
        }
    }

    @Test
    void everythingWrongIsFoundAtOnce() {
        sql("UPDATE audit_entry SET actor = 'user-2' WHERE seq = 2");
        sql("DELETE FROM audit_entry WHERE seq = 4");
        sql("DELETE FROM audit_entry WHERE seq = 10");

        assertThat(places()).containsExactly("2 CHANGED", "4 GAP", "10 TRUNCATED");
    }

    @Test
    void missingRecordOfTheEndIsFoundAndItsRenewalIsEntered() throws IOException {
        test.end();
        Files.delete(home.resolve("ledger").resolve("head"));
        Files.delete(home.resolve("ledger").resolve("journal"));
        assertThat(places()).containsExactly("11 TRUNCATED");

        test.restart();

        assertThat(places()).isEmpty();
        assertThat(row(11).index().type()).isEqualTo("ledger.head.renewed");
    }

    @Test
    void recordOfTheEndThatWasNeverMadeIsNoFindingWhileTheJournalHasEverything() throws IOException {
        Path journal = home.resolve("ledger").resolve("journal");
        byte[] asKilled = Files.readAllBytes(journal);
        test.end();
        Files.write(journal, asKilled);
        Files.delete(home.resolve("ledger").resolve("head"));

        test.begin();
        test.ledger().record(event("project.updated"));

        assertThat(places()).isEmpty();
        assertThat(row(11).index().type()).isEqualTo("project.updated");
    }

    @Test
    void forgedRecordOfTheEndIsNoRecord() throws IOException {
        Path head = home.resolve("ledger").resolve("head");
        Files.writeString(
                head, Files.readString(head).replaceAll(" (\\d) ", " 8 ").replaceAll(" 10 ", " 8 "));
        sql("DELETE FROM audit_entry WHERE seq > 8");

        assertThat(places()).containsExactly("9 TRUNCATED");
    }

    @Test
    void recordOfTheEndThatLagsIsNoFinding() throws IOException {
        Path head = home.resolve("ledger").resolve("head");
        byte[] before = Files.readAllBytes(head);
        test.ledger().record(event("project.updated"));
        test.ledger().record(event("project.updated"));
        test.ledger().flush();
        Files.write(head, before);

        assertThat(places()).isEmpty();
        assertThat(test.verify().entries()).isEqualTo(12);
    }

    @Test
    void halfWrittenRecordOfTheEndLeavesTheOneBefore() throws IOException {
        Path head = home.resolve("ledger").resolve("head");
        byte[] content = Files.readAllBytes(head);
        // Ten writes in turn: the last one went to the second line.
        content[512 + 60] ^= 1;
        Files.write(head, content);

        assertThat(places()).isEmpty();
        assertThat(test.store().head().read().orElseThrow().sequence()).isEqualTo(9);
    }

    @Test
    void changedTranscriptIsFoundAndADeletedOneIsNot() {
        String first = recordWithTranscript("one");
        String second = recordWithTranscript("two");
        assertThat(places()).isEmpty();

        sql("DELETE FROM audit_transcript WHERE id = '" + first + "'");
        assertThat(places()).isEmpty();

        sql("UPDATE audit_transcript SET sealed = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE id = '" + second + "'");
        assertThat(places()).containsExactly("12 CHANGED");
    }

    @Test
    void transcriptOfAnotherEntryIsFound() {
        String first = recordWithTranscript("one");
        String second = recordWithTranscript("two");
        sql("DELETE FROM audit_transcript WHERE id = '" + first + "'");
        sql("UPDATE audit_transcript SET id = '" + first + "' WHERE id = '" + second + "'");

        assertThat(places()).containsExactly("11 CHANGED");
    }

    private String recordWithTranscript(String text) {
        return test.ledger()
                .record(
                        event("model.request"),
                        usage("proj_a", 1, 0, 1),
                        Optional.of(new Transcript(List.of(text), List.of(text))));
    }

    private void copy(int from, int to, String id) {
        sql("INSERT INTO audit_entry SELECT chain, " + to + ", '" + id + "', effective_at, standard, event_type,"
                + " project, actor, api_key, target, entry, previous, hash FROM audit_entry WHERE seq = " + from);
    }

    private void sql(String statement) {
        assertThat(test.tables().<Integer, RuntimeException>withHandle(handle -> handle.execute(statement)))
                .as(statement)
                .isPositive();
    }

    private ChainEntry row(long sequence) {
        return test.tables()
                .withHandle(handle -> ChainTable.after(handle, test.store().chain(), sequence - 1, 1))
                .get(0);
    }

    private List<String> places() {
        return test.verify().findings().stream()
                .map(finding -> finding.sequence() + " " + finding.kind())
                .toList();
    }
}
