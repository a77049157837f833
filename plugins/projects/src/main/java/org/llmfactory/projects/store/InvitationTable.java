package org.llmfactory.projects.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.state.Invitation;

/** The invitations. */
public record InvitationTable(Handle handle) {
    List<Invitation> all() {
        Map<String, Map<String, ProjectRole>> projects = projects();
        return handle.createQuery(
                        "SELECT id, email, role, created, expires, accepted FROM invitations ORDER BY created, id")
                .map((row, context) -> new Invitation(
                        row.getString("id"),
                        row.getString("email"),
                        Words.read(OrganizationRole.class, row, "role"),
                        projects.getOrDefault(row.getString("id"), Map.of()),
                        Words.instant(row, "created"),
                        Words.instant(row, "expires"),
                        Words.optionalInstant(row, "accepted")))
                .list();
    }

    private Map<String, Map<String, ProjectRole>> projects() {
        Map<String, Map<String, ProjectRole>> projects = new HashMap<>();
        handle.createQuery("SELECT invitation_id, project_id, role FROM invitation_projects")
                .map((row, context) -> projects.computeIfAbsent(row.getString("invitation_id"), any -> new HashMap<>())
                        .put(row.getString("project_id"), Words.read(ProjectRole.class, row, "role")))
                .list();
        return projects;
    }

    /** The invitation whose link has this secret. */
    public Optional<String> idOf(String secret) {
        return handle.createQuery("SELECT id FROM invitations WHERE digest = :digest")
                .bind("digest", LinkSecrets.digest(secret))
                .mapTo(String.class)
                .findOne();
    }

    public void insert(Invitation invitation, String secret) {
        handle.createUpdate("INSERT INTO invitations (id, email, role, digest, created, expires)"
                        + " VALUES (:id, :email, :role, :digest, :created, :expires)")
                .bind("id", invitation.id())
                .bind("email", invitation.email())
                .bind("role", Words.of(invitation.role()))
                .bind("digest", LinkSecrets.digest(secret))
                .bind("created", invitation.created().toEpochMilli())
                .bind("expires", invitation.expires().toEpochMilli())
                .execute();
        invitation
                .projects()
                .forEach((project, role) -> handle.createUpdate(
                                "INSERT INTO invitation_projects (invitation_id, project_id, role) VALUES (:id, :project, :role)")
                        .bind("id", invitation.id())
                        .bind("project", project)
                        .bind("role", Words.of(role))
                        .execute());
    }

    public void accept(String id, Instant when) {
        handle.createUpdate("UPDATE invitations SET accepted = :when WHERE id = :id")
                .bind("id", id)
                .bind("when", when.toEpochMilli())
                .execute();
    }

    public void delete(String id) {
        handle.createUpdate("DELETE FROM invitations WHERE id = :id")
                .bind("id", id)
                .execute();
    }
}
