package org.llmfactory.enrollment.join;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.llmfactory.agent.join.Certified;
import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.agent.join.SigningOrder;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.enrollment.Enrollment;
import org.llmfactory.enrollment.store.AgentTable;
import org.llmfactory.enrollment.store.CertificateTable;
import org.llmfactory.enrollment.store.KnownAgent;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.identity.SigningRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Issues certificates to agents that are in. A service within this bundle. */
@Component(service = Issuing.class)
public final class Issuing {
    /** An agent renews a few times a day; this many at once nobody needs. */
    private static final int MOST_WORKING = 20;

    private final Enrollment enrollment;

    @Activate
    public Issuing(@Reference Enrollment enrollment) {
        this.enrollment = enrollment;
    }

    /**
     * Renews an agent's certificate.
     *
     * @param caller who asks, for himself
     * @throws FactoryException {@code PERMISSION_DENIED} when he is revoked or unknown here; {@code RATE_LIMITED}
     */
    public Certified renew(AgentAddress caller, SigningOrder order) {
        IssuingAuthority authority = authority();
        PublicKey key = SigningRequest.verify(order.der());
        Instant now = enrollment.now();
        List<X509Certificate> chain = enrollment.store().inTransaction(handle -> {
            requireMember(handle, caller);
            new AgentTable(handle).renewed(caller.name(), now);
            return issue(handle, authority, key, caller, now);
        });
        return certified(chain, authority);
    }

    /** Issues a certificate to an agent, whose right to one has been checked, and notes it. */
    List<X509Certificate> issue(
            Handle handle, IssuingAuthority authority, PublicKey key, AgentAddress agent, Instant now) {
        CertificateTable certificates = checked(handle, key, agent, now);
        List<X509Certificate> chain = authority.certifyAgent(key, agent, now);
        certificates.insert(chain.get(0), agent.name(), now);
        return chain;
    }

    /**
     * Makes a controller the authority of his own region.
     *
     * @throws FactoryException {@code PERMISSION_DENIED} when he is revoked or unknown here; {@code CONFLICT} when this is
     *     not the founder, or he is of the founder's own region
     */
    public Certified certify(AgentAddress caller, SigningOrder order) {
        IssuingAuthority authority = authority();
        if (!authority.isRoot() || authority.region().equals(caller.name())) {
            throw new FactoryException(
                    ErrorCode.CONFLICT, "Only the network's founder certifies regions, and none of its own.");
        }
        PublicKey key = SigningRequest.verify(order.der());
        Instant now = enrollment.now();
        List<X509Certificate> chain = enrollment.store().inTransaction(handle -> {
            requireMember(handle, caller);
            CertificateTable certificates = checked(handle, key, caller, now);
            List<X509Certificate> issued = authority.certifyRegion(key, caller.name(), now);
            certificates.insert(issued.get(0), caller.name(), now);
            enrollment
                    .ledger()
                    .record(AuditEvent.of(
                                    "agent.authority.certified", actor(caller), Optional.empty(), caller.toString())
                            .with(Map.of("serial", CertificateProfile.serial(issued.get(0)))));
            return issued;
        });
        return certified(chain, authority);
    }

    /**
     * How the network is.
     *
     * @throws FactoryException {@code PERMISSION_DENIED} when the caller is revoked or unknown here
     */
    public NetworkState state(AgentAddress caller) {
        enrollment.store().read(handle -> requireMember(handle, caller));
        return enrollment.region().state();
    }

    /** An agent, as the ledger knows it. */
    static Actor actor(AgentAddress agent) {
        return new Actor(Actor.Kind.SYSTEM, agent.toString(), Optional.empty(), "");
    }

    private Certified certified(List<X509Certificate> chain, IssuingAuthority authority) {
        return Certified.of(chain, authority.root(), enrollment.region().state());
    }

    private IssuingAuthority authority() {
        return enrollment
                .authorities()
                .find()
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.CONFLICT, "This controller has let nobody in yet, so it has no authority."));
    }

    private static CertificateTable checked(Handle handle, PublicKey key, AgentAddress agent, Instant now) {
        CertificateTable certificates = new CertificateTable(handle);
        if (certificates.isRevokedKey(CertificateProfile.fingerprint(key))) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, "This key was revoked and is certified no more. Make a new one.");
        }
        if (certificates.working(agent.name(), now) >= MOST_WORKING) {
            throw new FactoryException(
                    ErrorCode.RATE_LIMITED,
                    agent + " has " + MOST_WORKING + " certificates that work; it gets another when one has ended.");
        }
        return certificates;
    }

    static KnownAgent requireMember(Handle handle, AgentAddress caller) {
        KnownAgent agent = new AgentTable(handle)
                .find(caller)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.PERMISSION_DENIED,
                        caller + " is no agent that was let in here. It can join with a new token."));
        if (agent.revoked().isPresent()) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, caller + " is revoked. It can come back with a new token only.");
        }
        return agent;
    }
}
