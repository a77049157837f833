package org.llmfactory.deployer.repository;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The index of the repository. */
record PluginTable(Handle handle) {
    private static final String SELECT =
            "SELECT digest, plugin, version, signer, signer_name, bytes, published FROM published_plugins";

    List<PublishedPlugin> all() {
        return handle.createQuery(SELECT + " ORDER BY plugin, published, version")
                .map((row, context) -> plugin(row))
                .list();
    }

    Optional<PublishedPlugin> find(String digest) {
        return handle.createQuery(SELECT + " WHERE digest = :digest")
                .bind("digest", digest)
                .map((row, context) -> plugin(row))
                .findOne();
    }

    Optional<PublishedPlugin> find(String plugin, String version) {
        return handle.createQuery(SELECT + " WHERE plugin = :plugin AND version = :version")
                .bind("plugin", plugin)
                .bind("version", version)
                .map((row, context) -> plugin(row))
                .findOne();
    }

    void insert(PublishedPlugin plugin) {
        handle.createUpdate("INSERT INTO published_plugins"
                        + " (digest, plugin, version, signer, signer_name, bytes, published)"
                        + " VALUES (:digest, :plugin, :version, :signer, :signerName, :bytes, :published)")
                .bind("digest", plugin.digest())
                .bind("plugin", plugin.plugin())
                .bind("version", plugin.version())
                .bind("signer", plugin.signer())
                .bind("signerName", shortened(plugin.signerName()))
                .bind("bytes", plugin.bytes())
                .bind("published", plugin.published().toEpochMilli())
                .execute();
    }

    boolean delete(String digest) {
        return handle.createUpdate("DELETE FROM published_plugins WHERE digest = :digest")
                        .bind("digest", digest)
                        .execute()
                > 0;
    }

    private static String shortened(String name) {
        return name.substring(0, Math.min(256, name.length()));
    }

    private static PublishedPlugin plugin(ResultSet row) throws SQLException {
        return new PublishedPlugin(
                row.getString("digest"),
                row.getString("plugin"),
                row.getString("version"),
                row.getString("signer"),
                row.getString("signer_name"),
                row.getLong("bytes"),
                Instant.ofEpochMilli(row.getLong("published")));
    }
}
