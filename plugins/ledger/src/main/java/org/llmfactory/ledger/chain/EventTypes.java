package org.llmfactory.ledger.chain;

import java.util.Set;

/** The types of events that OpenAI's clients know. All others are extensions of ours, which strict clients refuse. */
public final class EventTypes {
    private static final Set<String> STANDARD = Set.of(
            "api_key.created",
            "api_key.updated",
            "api_key.deleted",
            "certificate.created",
            "certificate.updated",
            "certificate.deleted",
            "certificates.activated",
            "certificates.deactivated",
            "checkpoint.permission.created",
            "checkpoint.permission.deleted",
            "external_key.registered",
            "external_key.removed",
            "group.created",
            "group.updated",
            "group.deleted",
            "invite.sent",
            "invite.accepted",
            "invite.deleted",
            "ip_allowlist.created",
            "ip_allowlist.updated",
            "ip_allowlist.deleted",
            "ip_allowlist.config.activated",
            "ip_allowlist.config.deactivated",
            "login.succeeded",
            "login.failed",
            "logout.succeeded",
            "logout.failed",
            "organization.updated",
            "project.created",
            "project.updated",
            "project.archived",
            "project.deleted",
            "rate_limit.updated",
            "rate_limit.deleted",
            "resource.deleted",
            "role.created",
            "role.updated",
            "role.deleted",
            "role.assignment.created",
            "role.assignment.deleted",
            "scim.enabled",
            "scim.disabled",
            "service_account.created",
            "service_account.updated",
            "service_account.deleted",
            "user.added",
            "user.updated",
            "user.deleted");

    private EventTypes() {}

    /** Whether OpenAI's clients know a type. */
    public static boolean isStandard(String type) {
        return STANDARD.contains(type);
    }

    /** All types that OpenAI's clients know and this platform may enter. */
    public static Set<String> standard() {
        return STANDARD;
    }
}
