package org.llmfactory.deployer.repository;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Who needs a published plugin. */
final class Users {
    private Users() {}

    /** Names of the deployments whose present revision, or whose way back, has the digest, or that run it somewhere. */
    static List<String> of(Handle handle, String digest) {
        return handle.createQuery("SELECT DISTINCT d.name FROM deployments d"
                        + " JOIN deployment_revisions r ON r.deployment = d.name"
                        + " JOIN deployment_pins p ON p.deployment = r.deployment AND p.revision = r.revision"
                        + " WHERE d.removed = FALSE AND (r.revision = d.revision OR r.outcome = 'deployed')"
                        + " AND p.digest = :digest"
                        + " UNION SELECT DISTINCT deployment FROM deployment_instances WHERE digest = :digest"
                        + " ORDER BY 1")
                .bind("digest", digest)
                .mapTo(String.class)
                .list();
    }
}
