package org.llmfactory.enrollment.store;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The controllers that share this database, and their brokers. */
public record ControllerTable(Handle handle) {
    /**
     * A controller with a broker.
     *
     * @param broker where agents reach it
     * @param heard when it last said that it is there
     */
    public record Row(String name, String broker, Instant heard) {}

    /** All that were heard since a time, by name. */
    public List<Row> heardSince(Instant time) {
        return handle.createQuery(
                        "SELECT name, broker, heard FROM network_controllers WHERE heard >= :time ORDER BY name")
                .bind("time", time.toEpochMilli())
                .map((row, context) ->
                        new Row(row.getString("name"), row.getString("broker"), Times.read(row, "heard")))
                .list();
    }

    public boolean has(String name) {
        return handle.createQuery("SELECT COUNT(*) FROM network_controllers WHERE name = :name")
                        .bind("name", name)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** Notes that a controller is there. */
    public void heard(String name, String broker, Instant now) {
        int known = handle.createUpdate(
                        "UPDATE network_controllers SET broker = :broker, heard = :now WHERE name = :name")
                .bind("name", name)
                .bind("broker", broker)
                .bind("now", now.toEpochMilli())
                .execute();
        if (known == 0) {
            handle.createUpdate("INSERT INTO network_controllers (name, broker, heard) VALUES (:name, :broker, :now)")
                    .bind("name", name)
                    .bind("broker", broker)
                    .bind("now", now.toEpochMilli())
                    .execute();
        }
    }

    /** Forgets those that were last heard before a time. */
    public void deleteSilent(Instant before) {
        handle.createUpdate("DELETE FROM network_controllers WHERE heard < :before")
                .bind("before", before.toEpochMilli())
                .execute();
    }
}
