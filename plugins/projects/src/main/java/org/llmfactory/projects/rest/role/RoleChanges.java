package org.llmfactory.projects.rest.role;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.rest.Pages.NextPage;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.store.Change;
import org.llmfactory.rest.JsonFields;

/** What is the same wherever roles are given to and taken from people and groups. */
final class RoleChanges {
    private final Administration administration;
    private final String holders;

    /**
     * The changes of one kind of role.
     *
     * @param holders who has them: {@code user} or {@code group}
     */
    RoleChanges(Administration administration, String holders) {
        this.administration = administration;
        this.holders = holders;
    }

    /**
     * A role that somebody gets or loses.
     *
     * @param project where; empty for the organization
     * @param holder id of the person or group
     */
    record Assignment(Optional<String> project, String holder, PredefinedRole role) {}

    static NextPage<AssignedRole> list(
            List<AssignedRole> roles, @Nullable String limit, @Nullable String after, @Nullable String order) {
        return Pages.next(roles, limit, after, order, AssignedRole::id, role -> role);
    }

    /** The role that a request wants to give, by id or name. */
    static String wanted(ObjectNode body) {
        return JsonFields.of(body).requiredString("role_id");
    }

    /**
     * Gives a role and enters it.
     *
     * @param giving looks the holder up and gives him the role
     */
    <T> T give(SecurityContext security, Assignment assignment, BiFunction<Change, Organization, T> giving) {
        return administration.change(security, (change, now) -> {
            requireActive(now, assignment);
            T result = giving.apply(change, now);
            enter(change, "role.assignment.created", assignment);
            return result;
        });
    }

    /**
     * Takes a role and enters it.
     *
     * @param reference how the request called the role
     * @param given whether the holder has it
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND} when he has not
     */
    Deleted take(
            SecurityContext security,
            Assignment assignment,
            String reference,
            Predicate<Organization> given,
            Consumer<Change> taking) {
        return administration.change(security, (change, now) -> {
            requireActive(now, assignment);
            if (!given.test(now)) {
                throw Assignments.unassigned(reference);
            }
            taking.accept(change);
            enter(change, "role.assignment.deleted", assignment);
            return Deleted.of(holders + ".role.deleted", assignment.role().id());
        });
    }

    private static void requireActive(Organization now, Assignment assignment) {
        assignment.project().ifPresent(project -> Lookup.activeProject(now, project));
    }

    private static void enter(Change change, String event, Assignment assignment) {
        change.enter(
                event,
                assignment.project(),
                assignment.holder(),
                Map.of("role", assignment.role().name()));
    }
}
