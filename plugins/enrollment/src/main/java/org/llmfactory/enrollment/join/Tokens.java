package org.llmfactory.enrollment.join;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.join.JoinToken;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.project.Projects;
import org.llmfactory.enrollment.Enrollment;
import org.llmfactory.enrollment.authority.Authorities;
import org.llmfactory.enrollment.store.Token;
import org.llmfactory.enrollment.store.TokenTable;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.link.LocalBroker;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes tokens and takes them back. A service within this bundle. */
@Component(service = Tokens.class)
public final class Tokens {
    private static final Duration BROKER = Duration.ofSeconds(15);
    private static final int ID_BYTES = 12;
    private static final int SECRET_BYTES = 32;

    private final Enrollment enrollment;
    private final Projects projects;
    private final Duration patience;
    private final SecureRandom random = new SecureRandom();

    @Activate
    public Tokens(@Reference Enrollment enrollment, @Reference Projects projects) {
        this(enrollment, projects, BROKER);
    }

    /**
     * Tokens without their container.
     *
     * @param patience how long the broker is waited for
     */
    public Tokens(Enrollment enrollment, Projects projects, Duration patience) {
        this.enrollment = enrollment;
        this.projects = projects;
        this.patience = patience;
    }

    /**
     * What is wanted.
     *
     * @param kind what it lets in
     * @param tenant of a node: {@code shared} or a project's id; without meaning for controllers
     * @param name what the agent will be called; empty when it chooses
     * @param validity how long it can be used
     */
    public record Order(JoinKind kind, String tenant, Optional<String> name, Duration validity) {}

    /**
     * A token that was made.
     *
     * @param token what is kept of it
     * @param secret the token itself, told this once
     */
    public record Made(Token token, JoinToken secret) {}

    /**
     * Makes a token, and the network when there is none.
     *
     * @throws FactoryException {@code INVALID_VALUE} for a tenant that there is not; {@code CONFLICT} when this controller
     *     cannot let such an agent in; {@code OVERLOADED} when its broker does not come
     */
    public Made create(Order order, Actor actor) throws InterruptedException {
        String tenant = tenant(order);
        IssuingAuthority authority = enrollment.founding().found(actor);
        if (order.kind() == JoinKind.CONTROLLER && !authority.isRoot()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "Only the network's founder lets controllers in, and this is the controller of a region. Make the"
                            + " token there.");
        }
        announceBroker();
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        JoinToken text = new JoinToken(id(), secret, Authorities.network(authority));
        Instant now = enrollment.now();
        Token token = new Token(
                text.id(),
                order.kind(),
                tenant,
                order.name(),
                actor.id(),
                now,
                now.plus(order.validity()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        enrollment.store().inTransaction(handle -> {
            new TokenTable(enrollment.store(), handle).insert(token, secret);
            return enrollment.ledger().record(event("agent.token.created", token, actor));
        });
        return new Made(token, text);
    }

    private void announceBroker() throws InterruptedException {
        LocalBroker broker = enrollment
                .broker()
                .await(patience)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.OVERLOADED,
                        "No token was made, since no agent could use it: this controller's broker does not take"
                                + " connections. Its log says why; often its port is taken, which"
                                + " -Dllmfactory.network.port changes."));
        enrollment.self().ifPresent(self -> enrollment.region().hear(self, broker.advertised()));
    }

    private String tenant(Order order) {
        if (order.kind() == JoinKind.CONTROLLER) {
            return AgentAddress.PLATFORM;
        }
        boolean known = order.tenant().equals(AgentAddress.SHARED)
                || projects.settings(order.tenant()).isPresent();
        if (!known) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "tenant",
                    "Invalid 'tenant': there is no project '" + order.tenant()
                            + "'; nodes for everyone have the tenant 'shared'.");
        }
        try {
            return new AgentAddress(order.tenant(), "n").tenant();
        } catch (IllegalArgumentException e) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE, "tenant", "Invalid 'tenant': " + e.getMessage() + ".");
        }
    }

    private String id() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** All that are remembered, oldest first. */
    public List<Token> list() {
        return enrollment.store().read(handle -> new TokenTable(enrollment.store(), handle).all());
    }

    /**
     * Takes a token back.
     *
     * @throws FactoryException {@code NOT_FOUND}; {@code CONFLICT} when it is not open any more
     */
    public Token revoke(String id, Actor actor) {
        return enrollment.store().inTransaction(handle -> {
            TokenTable table = new TokenTable(enrollment.store(), handle);
            Token token = table.find(id)
                    .orElseThrow(() -> new FactoryException(ErrorCode.NOT_FOUND, "There is no token '" + id + "'."));
            if (!table.revoke(id, enrollment.now())) {
                throw new FactoryException(
                        ErrorCode.CONFLICT,
                        "The token is " + token.state(enrollment.now()) + " already"
                                + token.usedBy()
                                        .map(agent -> "; revoke the agent instead: " + agent)
                                        .orElse("") + ".");
            }
            enrollment.ledger().record(event("agent.token.revoked", token, actor));
            return table.find(id).orElse(token);
        });
    }

    private static AuditEvent event(String type, Token token, Actor actor) {
        return AuditEvent.of(type, actor, AgentAddress.projectOf(token.tenant()), token.id())
                .with(Map.of(
                        "kind", token.kind().word(),
                        "tenant", token.tenant(),
                        "expires_at", token.expires().getEpochSecond()));
    }
}
