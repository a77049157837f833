package org.llmfactory.projects.store;

import org.jdbi.v3.core.Handle;

/** The numbers of the states that a subject has gone through. */
enum Revision {
    ORGANIZATION,
    PRESETS;

    /** The number of the state that a transaction sees. */
    long of(Handle handle) {
        return handle.createQuery("SELECT revision FROM project_revisions WHERE subject = :subject")
                .bind("subject", Words.of(this))
                .mapTo(Long.class)
                .one();
    }

    /** Begins the next state and says its number: until the transaction ends, nobody else changes the subject. */
    long advance(Handle handle) {
        handle.createUpdate("UPDATE project_revisions SET revision = revision + 1 WHERE subject = :subject")
                .bind("subject", Words.of(this))
                .execute();
        return of(handle);
    }
}
