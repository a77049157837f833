package org.llmfactory.database.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;

/** What every product must do. */
abstract class DatabaseContract {
    abstract Database database();

    @Test
    void migrationsRunOnceAndTablesCanBeUsed() {
        Jdbi tables = database().open("test", DatabaseContract.class);
        tables.useHandle(handle -> add(handle, "a"));

        Jdbi again = database().open("test", DatabaseContract.class);

        assertThat(count(again)).isEqualTo(1);
    }

    @Test
    void eachPluginHasItsOwnHistoryAndAllItsMigrationsRun() {
        database().open("test", DatabaseContract.class);

        Jdbi others = database().open("other", DatabaseContract.class);

        int added = others.withHandle(handle -> handle.createUpdate("INSERT INTO thing (id, name) VALUES (:id, :name)")
                .bind("id", "1")
                .bind("name", "one")
                .execute());
        assertThat(added).isEqualTo(1);
    }

    @Test
    void longTextsAndByteArraysComeBackAsTheyWere() {
        Jdbi tables = database().open("test", DatabaseContract.class);
        String words = "Ünïcode ✓ \uD83D\uDE80 ".repeat(20_000);
        byte[] picture = new byte[300_000];
        new Random(7).nextBytes(picture);

        tables.useHandle(
                handle -> handle.createUpdate("INSERT INTO note (id, words, picture) VALUES (:id, :words, :picture)")
                        .bind("id", "long")
                        .bind("words", words)
                        .bind("picture", picture)
                        .execute());

        tables.useHandle(handle -> {
            assertThat(handle.createQuery("SELECT words FROM note WHERE id = :id")
                            .bind("id", "long")
                            .mapTo(String.class)
                            .one())
                    .isEqualTo(words);
            assertThat(handle.createQuery("SELECT picture FROM note WHERE id = :id")
                            .bind("id", "long")
                            .mapTo(byte[].class)
                            .one())
                    .isEqualTo(picture);
        });
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        Jdbi tables = database().open("test", DatabaseContract.class);

        assertThatThrownBy(() -> tables.useTransaction(handle -> {
                    add(handle, "a");
                    add(handle, "a");
                }))
                .isInstanceOf(UnableToExecuteStatementException.class);

        assertThat(count(tables)).isZero();
    }

    @Test
    void valuesAreNeverStatements() {
        Jdbi tables = database().open("test", DatabaseContract.class);
        String attack = "'); DROP TABLE note; --";

        tables.useHandle(handle -> add(handle, attack));

        List<String> ids = tables.withHandle(handle ->
                handle.createQuery("SELECT id FROM note").mapTo(String.class).list());
        assertThat(ids).containsExactly(attack);
    }

    @Test
    void aBrokenMigrationIsToldByThePluginsName() {
        assertThatThrownBy(() -> database().open("broken", DatabaseContract.class))
                .isInstanceOfSatisfying(FactoryException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
                    assertThat(e).hasMessageContaining("'broken'");
                });
    }

    @Test
    void aPluginWithoutMigrationsIsToldSo() {
        assertThatThrownBy(() -> database().open("missing", DatabaseContract.class))
                .isInstanceOf(FactoryException.class);
    }

    @Test
    void aPluginsNameIsNoPath() {
        assertThatThrownBy(() -> database().open("../test", DatabaseContract.class))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoeverListensHearsOfAChangeBeforePublishReturns() {
        ChangeFeed changes = database().changes();
        List<String> heard = new ArrayList<>();
        ChangeFeed.Subscription subscription = changes.subscribe("presets", heard::add);
        changes.subscribe("presets", key -> {
            throw new IllegalStateException("a listener that fails, which the others do not notice");
        });
        changes.subscribe("projects", heard::add);

        changes.publish("presets", "preset_1");
        subscription.close();
        changes.publish("presets", "preset_2");

        assertThat(heard).containsExactly("preset_1");
    }

    @Test
    void aTopicOrKeyOutOfTheContractIsRefused() {
        ChangeFeed changes = database().changes();

        assertThatThrownBy(() -> changes.publish("Not a topic", "key")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> changes.publish("presets", "k".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static void add(Handle handle, String id) {
        handle.createUpdate("INSERT INTO note (id, words) VALUES (:id, :words)")
                .bind("id", id)
                .bind("words", "some")
                .execute();
    }

    static int count(Jdbi tables) {
        return tables.withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM note")
                .mapTo(Integer.class)
                .one());
    }
}
