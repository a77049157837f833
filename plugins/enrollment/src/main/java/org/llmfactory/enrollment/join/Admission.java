package org.llmfactory.enrollment.join;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.llmfactory.agent.join.Certified;
import org.llmfactory.agent.join.Clocks;
import org.llmfactory.agent.join.JoinAnswer;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.join.JoinRequest;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.enrollment.Enrollment;
import org.llmfactory.enrollment.store.AgentTable;
import org.llmfactory.enrollment.store.CertificateTable;
import org.llmfactory.enrollment.store.ControllerTable;
import org.llmfactory.enrollment.store.KnownAgent;
import org.llmfactory.enrollment.store.NetworkStore;
import org.llmfactory.enrollment.store.Token;
import org.llmfactory.enrollment.store.TokenTable;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.identity.SigningRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets agents in that know the secret of an open token. A service within this bundle; safe for several threads. */
@Component(service = Admission.class)
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Enrollment enrollment;
    private final Issuing issuing;
    private final NetworkStore.Decoy decoy;

    @Activate
    public Admission(@Reference Enrollment enrollment, @Reference Issuing issuing) {
        this.enrollment = enrollment;
        this.issuing = issuing;
        this.decoy = enrollment.store().newDecoy();
    }

    /**
     * Lets an agent in.
     *
     * @param from the network address it asks from
     * @throws FactoryException {@code PERMISSION_DENIED} in the same words, whatever is wrong with the token; to those who
     *     know its secret {@code INVALID_VALUE} or {@code CONFLICT}, which say what is wrong and use up nothing
     */
    public JoinAnswer admit(JoinRequest request, String from) {
        Instant now = enrollment.now();
        Optional<Token> token =
                enrollment.store().read(handle -> new TokenTable(enrollment.store(), handle).find(request.tokenId()));
        // As much work for a token that there is not.
        byte[] secret = token.map(known -> secret(known.id())).orElseGet(decoy::secret);
        boolean proven = request.isProven(secret);
        if (!proven || token.filter(known -> known.isOpen(now)).isEmpty()) {
            LOG.warn("{} asked to join with a token that is not open, or without knowing its secret", from);
            throw refused();
        }
        Clocks.requireAgreement(Instant.ofEpochMilli(request.time()), now);
        AgentAddress address = address(token.get(), request);
        IssuingAuthority authority = authority(address);
        PublicKey key = SigningRequest.verify(csr(request));
        try {
            List<X509Certificate> chain = enrollment
                    .store()
                    .inTransaction(handle -> let(handle, token.get(), address, authority, key, now, from));
            LOG.info("{} has joined from {}", address, from);
            // It may have replaced one whose certificates are revoked now.
            enrollment.broadcast().changed();
            Certified certified =
                    Certified.of(chain, authority.root(), enrollment.region().state());
            return JoinAnswer.proven(secret, request, address.toString(), certified, now.toEpochMilli());
        } catch (UnableToExecuteStatementException e) {
            if (NetworkStore.isDuplicate(e)) {
                throw taken(address);
            }
            throw e;
        }
    }

    private static FactoryException refused() {
        return new FactoryException(
                ErrorCode.PERMISSION_DENIED,
                "The controller does not take this token: it is unknown there, used, revoked or expired, or was not copied"
                        + " whole. Make a new one on the controller with: ./factory agent token");
    }

    private byte[] secret(String id) {
        return enrollment.store().read(handle -> new TokenTable(enrollment.store(), handle).secret(id));
    }

    private static AgentAddress address(Token token, JoinRequest request) {
        if (!token.kind().word().equals(request.kind())) {
            String is = request.kind().equals(JoinKind.NODE.word()) ? "a node" : "a controller";
            String wants = token.kind() == JoinKind.NODE ? "a node" : "a controller";
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE,
                    "This token is for " + wants + ", and this agent is " + is + ". Make another with: ./factory agent"
                            + " token --kind " + request.kind() + ", or start the agent with another --feature.");
        }
        try {
            return new AgentAddress(token.tenant(), token.name().orElse(request.name()));
        } catch (IllegalArgumentException e) {
            throw FactoryException.ofParameter(ErrorCode.INVALID_VALUE, "name", e.getMessage() + ".");
        }
    }

    private IssuingAuthority authority(AgentAddress address) {
        IssuingAuthority authority = enrollment
                .authorities()
                .find()
                .orElseThrow(() -> new IllegalStateException("there is a token and no authority"));
        if (enrollment.region().state().brokers().isEmpty()) {
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED,
                    Duration.ofSeconds(5),
                    "The controller's broker does not take connections at present, so " + address
                            + " could not be reached. Try again shortly; the token is not used up.");
        }
        return authority;
    }

    private static byte[] csr(JoinRequest request) {
        try {
            return Base64.getDecoder().decode(request.csr());
        } catch (IllegalArgumentException e) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "The signing request is malformed.", e);
        }
    }

    private List<X509Certificate> let(
            Handle handle,
            Token token,
            AgentAddress address,
            IssuingAuthority authority,
            PublicKey key,
            Instant now,
            String from) {
        if (!new TokenTable(enrollment.store(), handle).use(token.id(), address.toString(), now)) {
            throw refused();
        }
        AgentTable agents = new AgentTable(handle);
        agents.named(address.name()).ifPresent(known -> replace(handle, known, token, now));
        if (new ControllerTable(handle).has(address.name())) {
            throw taken(address);
        }
        agents.insert(address, now);
        List<X509Certificate> chain = issuing.issue(handle, authority, key, address, now);
        enrollment
                .ledger()
                .record(AuditEvent.of(
                                "agent.joined",
                                Actor.anonymous(address.toString(), from),
                                AgentAddress.projectOf(address.tenant()),
                                address.toString())
                        .with(Map.of("token", token.id())));
        return chain;
    }

    /** A name is free again when nobody works under it; and who made a token for just this name means to replace him. */
    private static void replace(Handle handle, KnownAgent known, Token token, Instant now) {
        if (known.isMember(now) && token.name().isEmpty()) {
            throw taken(known.address());
        }
        new CertificateTable(handle).revoke(known.address().name(), now);
        new AgentTable(handle).delete(known.address().name());
    }

    private static FactoryException taken(AgentAddress address) {
        return new FactoryException(
                ErrorCode.CONFLICT,
                "The name " + address.name()
                        + " belongs to an agent of this network. Choose another with --name, or make a"
                        + " token for just this name, with which the new agent replaces the old one: ./factory agent token"
                        + " --name " + address.name());
    }
}
