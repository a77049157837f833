package org.llmfactory.history;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key for each project, made with its first chat and kept in the database, wrapped by the master key. That one is a file of
 * its own, so that the database alone, or a copy of it, cannot be read.
 */
final class ProjectKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectKeys.class);

    private final Jdbi tables;
    private final Path masterFile;
    private final Seal master;
    private final Map<String, ProjectCipher> ciphers = new ConcurrentHashMap<>();

    ProjectKeys(Jdbi tables, Path masterFile) {
        this.tables = tables;
        this.masterFile = masterFile;
        this.master = new Seal(Secret.in(masterFile));
    }

    /** The project's cipher; its key is made when there is none. */
    ProjectCipher cipher(String project) {
        return existing(project).orElseGet(() -> create(project));
    }

    /** The project's cipher; empty when it never had a chat. */
    Optional<ProjectCipher> existing(String project) {
        ProjectCipher known = ciphers.get(project);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<byte[]> wrapped =
                tables.withHandle(handle -> handle.createQuery("SELECT wrapped FROM chat_key WHERE project = :project")
                        .bind("project", project)
                        .mapTo(byte[].class)
                        .findOne());
        return wrapped.map(key -> remember(project, unwrap(project, key)));
    }

    private ProjectCipher create(String project) {
        Secret key = Secret.random();
        try {
            tables.useHandle(
                    handle -> handle.createUpdate("INSERT INTO chat_key (project, wrapped) VALUES (:project, :wrapped)")
                            .bind("project", project)
                            .bind("wrapped", master.close(key.bytes(), context(project)))
                            .execute());
            return remember(project, key);
        } catch (UnableToExecuteStatementException e) {
            // Another thread or agent was first.
            return existing(project).orElseThrow(() -> e);
        }
    }

    private ProjectCipher remember(String project, Secret key) {
        return ciphers.computeIfAbsent(project, name -> new ProjectCipher(name, key));
    }

    private Secret unwrap(String project, byte[] wrapped) {
        try {
            return new Secret(master.open(wrapped, context(project)));
        } catch (AEADBadTagException e) {
            LOG.error(
                    "The chats of {} were encrypted under another master key than the one in {}. Put the right file there"
                            + " and start again; agents that share a database need the same one.",
                    project,
                    masterFile);
            throw new FactoryException(
                    ErrorCode.INTERNAL,
                    "The stored chats of this project cannot be read, because this agent has another key. Ask the"
                            + " administrator; the agent's log says more.",
                    e);
        }
    }

    private static byte[] context(String project) {
        return ("key of " + project).getBytes(StandardCharsets.UTF_8);
    }
}
