package org.llmfactory.enrollment.join;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.enrollment.Enrollment;
import org.llmfactory.enrollment.action.RevocationReport;
import org.llmfactory.enrollment.store.AgentTable;
import org.llmfactory.enrollment.store.CertificateTable;
import org.llmfactory.enrollment.store.ControllerTable;
import org.llmfactory.enrollment.store.KnownAgent;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The agents that were let in here, and how they are put out. A service within this bundle. */
@Component(service = Members.class)
public final class Members {
    private static final int MOST_REPORTED = 10_000;

    private final Enrollment enrollment;

    @Activate
    public Members(@Reference Enrollment enrollment) {
        this.enrollment = enrollment;
    }

    /** All of them, in the order they came; this controller among them if it is a founder. */
    public List<KnownAgent> list() {
        return enrollment.store().read(handle -> new AgentTable(handle).all());
    }

    /**
     * One of them.
     *
     * @throws FactoryException {@code NOT_FOUND}
     */
    public KnownAgent get(AgentAddress address) {
        return enrollment.store().read(handle -> find(handle, address));
    }

    private static KnownAgent find(Handle handle, AgentAddress address) {
        return new AgentTable(handle)
                .find(address)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND, "There is no agent '" + address + "' that was let in here."));
    }

    /**
     * Puts an agent out: its certificates are believed no more, from now on here, and everywhere as soon as the news is
     * there. It stays on the list. Repeating it does no harm.
     */
    public KnownAgent revoke(AgentAddress address, Actor actor) {
        change("agent.revoked", address, actor, handle -> {});
        enrollment.broadcast().changed();
        return get(address);
    }

    /** Puts an agent out and takes it off the list, so that its name is free. */
    public void delete(AgentAddress address, Actor actor) {
        change("agent.deleted", address, actor, handle -> new AgentTable(handle).delete(address.name()));
        enrollment.broadcast().changed();
    }

    /** An agent leaves. It hears that this was heard before its certificates cease to be believed. */
    public void leave(AgentAddress caller) {
        enrollment.store().read(handle -> Issuing.requireMember(handle, caller));
        change("agent.left", caller, Issuing.actor(caller), handle -> new AgentTable(handle).delete(caller.name()));
        enrollment.later(enrollment.broadcast()::changed);
    }

    private void change(String type, AgentAddress address, Actor actor, Consumer<Handle> more) {
        Instant now = enrollment.now();
        enrollment.store().inTransaction(handle -> {
            find(handle, address);
            if (enrollment.isFounder() && new ControllerTable(handle).has(address.name())) {
                throw new FactoryException(
                        ErrorCode.CONFLICT,
                        address + " is a controller that shares this database, so it could certify itself anew. Stop it"
                                + " first, and wait ten minutes.");
            }
            new AgentTable(handle).revoke(address.name(), now);
            new CertificateTable(handle).revoke(address.name(), now);
            more.accept(handle);
            return enrollment
                    .ledger()
                    .record(AuditEvent.of(type, actor, AgentAddress.projectOf(address.tenant()), address.toString()));
        });
    }

    /**
     * Takes over what a region has revoked.
     *
     * @return how much of it was news
     * @throws FactoryException {@code PERMISSION_DENIED} when the caller was not let in here; {@code INVALID_VALUE} for what
     *     this controller itself has issued, and for what is no serial number
     */
    public int revokedElsewhere(AgentAddress caller, RevocationReport report) {
        if (report.serials().size() > MOST_REPORTED
                || !report.serials().stream().allMatch(serial -> serial.matches("[0-9a-f]{1,40}"))) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE,
                    "Serial numbers are lower-case hex, at most " + MOST_REPORTED + " of them.");
        }
        Instant now = enrollment.now();
        int taken = enrollment.store().inTransaction(handle -> {
            Issuing.requireMember(handle, caller);
            CertificateTable certificates = new CertificateTable(handle);
            if (report.serials().stream().anyMatch(certificates::isOurs)) {
                throw new FactoryException(
                        ErrorCode.INVALID_VALUE, "A region revokes only what its own authority has issued.");
            }
            List<String> news = report.serials().stream()
                    .distinct()
                    .filter(serial -> !certificates.revokedElsewhere().contains(serial))
                    .toList();
            news.forEach(serial -> certificates.revokedElsewhere(serial, caller.toString(), now));
            if (!news.isEmpty()) {
                enrollment
                        .ledger()
                        .record(AuditEvent.of(
                                        "agent.revocations.reported",
                                        Issuing.actor(caller),
                                        Optional.empty(),
                                        caller.toString())
                                .with(Map.of("serials", news)));
            }
            return news.size();
        });
        if (taken > 0) {
            enrollment.broadcast().changed();
        }
        return taken;
    }
}
