package org.llmfactory.deployer.state;

import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.database.ChangeFeed;

/** What is wanted and what is known of it, for all controllers that share a database. Safe for use by several threads. */
public final class DeploymentStore {
    /** News about what is wanted. */
    public static final String TOPIC = "deployments";

    private static final int MOST_READS = 10;

    private final Jdbi jdbi;
    private final ChangeFeed feed;
    private final Ledger ledger;
    private final Clock clock;

    /** The tables must be up to date. */
    public DeploymentStore(Jdbi jdbi, ChangeFeed feed, Ledger ledger, Clock clock) {
        this.jdbi = jdbi;
        this.feed = feed;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Everything at one moment.
     *
     * @param deployments by name
     * @param revisions the one that holds, by deployment
     * @param instances by plugin and agent
     */
    public record Everything(List<Deployment> deployments, Map<String, Revision> revisions, List<Instance> instances) {
        public Everything {
            deployments = List.copyOf(deployments);
            revisions = Map.copyOf(revisions);
            instances = List.copyOf(instances);
        }
    }

    /**
     * Everything there is. Statements of one transaction see what others commit between them, so it is read again when
     * another revision has come to hold meanwhile: one that has failed, and was taken back, never shows as holding.
     */
    public Everything everything() {
        return jdbi.inTransaction(handle -> {
            Tables tables = new Tables(handle);
            List<Deployment> deployments = tables.deployments();
            Everything everything = read(tables, deployments);
            for (int again = 0; again < MOST_READS; again++) {
                List<Deployment> now = tables.deployments();
                if (now.equals(deployments)) {
                    break;
                }
                deployments = now;
                everything = read(tables, now);
            }
            return everything;
        });
    }

    private static Everything read(Tables tables, List<Deployment> deployments) {
        Map<String, Revision> revisions = new HashMap<>();
        deployments.forEach(deployment -> revisions.put(deployment.name(), tables.revision(deployment)));
        return new Everything(deployments, revisions, tables.instances());
    }

    /** A deployment's revisions, oldest first; empty when there is no such deployment. */
    public List<Revision> revisions(String deployment) {
        return jdbi.withHandle(handle -> new Tables(handle).revisions(deployment));
    }

    /**
     * Wants something of a deployment from now on; nothing is changed when that is what is wanted already.
     *
     * @return the revision that holds
     * @throws FactoryException {@code CONFLICT} when somebody else changes it at the same time, or while it is being removed
     */
    public int apply(String name, String document, List<Pin> pins, Actor actor) {
        List<Pin> sorted =
                pins.stream().sorted(Comparator.comparing(Pin::plugin)).toList();
        int number = jdbi.inTransaction(handle -> {
            Tables tables = new Tables(handle);
            Optional<Deployment> before = tables.deployment(name);
            Revision next = new Revision(
                    name,
                    before.map(Deployment::revision).orElse(0) + 1,
                    document,
                    sorted,
                    Revision.Outcome.ROLLING,
                    "",
                    0,
                    false,
                    actor.id(),
                    clock.instant());
            if (before.isPresent()) {
                refuseRemoved(before.get());
                Revision holding = tables.revision(before.get());
                boolean same = holding.hasContentOf(next) && holding.outcome() != Revision.Outcome.FAILED;
                if (same) {
                    return holding.number();
                }
            }
            put(tables, before, next, actor);
            return next.number();
        });
        feed.publish(TOPIC, name);
        return number;
    }

    /**
     * Goes back to the newest revision before the one that holds that had been deployed and says something else.
     *
     * @return the new revision, a copy of that one
     * @throws FactoryException {@code NOT_FOUND}, {@code CONFLICT} when there is none to go back to
     */
    public int rollBack(String name, Actor actor) {
        int number = jdbi.inTransaction(handle -> {
            Tables tables = new Tables(handle);
            Deployment deployment = tables.deployment(name).orElseThrow(() -> unknown(name));
            refuseRemoved(deployment);
            Revision holding = tables.revision(deployment);
            Revision former = former(tables, holding)
                    .orElseThrow(() -> new FactoryException(
                            ErrorCode.CONFLICT, "No revision of " + name + " before this one had been deployed."));
            Revision next = copy(former, holding.number() + 1, "", false, actor);
            put(tables, Optional.of(deployment), next, actor);
            return next.number();
        });
        feed.publish(TOPIC, name);
        return number;
    }

    /**
     * A revision has failed: the one before it that had been deployed holds again, if there is one and this one is not
     * such a way back itself; otherwise nothing more is done.
     *
     * @return the revision that holds instead; empty when everything stays as it is, or somebody has decided already
     */
    public Optional<Integer> fail(String name, int revision, String reason) {
        Optional<Integer> instead = jdbi.inTransaction(handle -> {
            Tables tables = new Tables(handle);
            Optional<Deployment> deployment =
                    tables.deployment(name).filter(present -> present.revision() == revision && !present.removed());
            if (deployment.isEmpty() || !tables.settle(name, revision, Revision.Outcome.FAILED)) {
                return Optional.empty();
            }
            tables.explain(name, revision, reason);
            Revision failed = tables.revision(deployment.get());
            Optional<Revision> next = failed.automatic()
                    ? Optional.empty()
                    : former(tables, failed)
                            .map(former -> copy(former, failed.number() + 1, reason, true, Actor.system()));
            next.ifPresent(copy -> put(tables, deployment, copy, Actor.system()));
            if (next.isEmpty()) {
                ledger.record(AuditEvent.of("deployment.halted", Actor.system(), Optional.empty(), name)
                        .with(Map.of("revision", revision, "reason", reason)));
            }
            return next.map(Revision::number);
        });
        feed.publish(TOPIC, name);
        return instead;
    }

    /** A revision runs everywhere where it is to run. */
    public void settle(String name, int revision) {
        jdbi.useTransaction(handle -> {
            if (new Tables(handle).settle(name, revision, Revision.Outcome.DEPLOYED)) {
                ledger.record(AuditEvent.of("deployment.completed", Actor.system(), Optional.empty(), name)
                        .with(Map.of("revision", revision)));
            }
        });
    }

    /**
     * Wants nothing of a deployment any more.
     *
     * @throws FactoryException {@code NOT_FOUND}
     */
    public void remove(String name, Actor actor) {
        jdbi.useTransaction(handle -> {
            Tables tables = new Tables(handle);
            Deployment deployment = tables.deployment(name).orElseThrow(() -> unknown(name));
            if (!deployment.removed()) {
                change(tables, deployment, new Deployment(name, deployment.revision(), true));
                ledger.record(AuditEvent.of("deployment.removed", actor, Optional.empty(), name));
            }
        });
        feed.publish(TOPIC, name);
    }

    /** Nothing of a removed deployment is left. */
    public void forget(String name) {
        jdbi.useTransaction(handle -> new Tables(handle).delete(name));
    }

    /** Notes what is known of plugins on agents. */
    public void put(List<Instance> instances) {
        if (!instances.isEmpty()) {
            jdbi.useTransaction(handle -> instances.forEach(new Tables(handle)::put));
        }
    }

    /** Plugins are on agents no more. */
    public void delete(List<Instance> instances) {
        if (!instances.isEmpty()) {
            jdbi.useTransaction(handle -> instances.forEach(new Tables(handle)::delete));
        }
    }

    /** What the controllers on this database call themselves. */
    public String identity() {
        return jdbi.inTransaction(DeploymentStore::identity);
    }

    private static String identity(Handle handle) {
        return handle.createQuery("SELECT id FROM deployer_identity ORDER BY id FETCH FIRST 1 ROWS ONLY")
                .mapTo(String.class)
                .findOne()
                .orElseGet(() -> {
                    String id = UUID.randomUUID().toString();
                    handle.execute("INSERT INTO deployer_identity (id) VALUES (?)", id);
                    return id;
                });
    }

    private void put(Tables tables, Optional<Deployment> before, Revision next, Actor actor) {
        String name = next.deployment();
        Deployment after = new Deployment(name, next.number(), false);
        if (before.isPresent()) {
            tables.settle(name, before.get().revision(), Revision.Outcome.SUPERSEDED);
            change(tables, before.get(), after);
        } else {
            tables.insert(after);
        }
        tables.insert(next);
        String type = next.copiedFrom() > 0 ? "deployment.rolled_back" : "deployment.applied";
        ledger.record(AuditEvent.of(type, actor, Optional.empty(), name)
                .with(Map.of("revision", next.number(), "copied_from", next.copiedFrom(), "reason", next.reason())));
    }

    private static void change(Tables tables, Deployment before, Deployment after) {
        if (!tables.update(before, after)) {
            throw new FactoryException(
                    ErrorCode.CONFLICT, "Somebody else has just changed the deployment " + after.name() + ".");
        }
    }

    private static Optional<Revision> former(Tables tables, Revision holding) {
        return tables.revisions(holding.deployment()).stream()
                .filter(revision -> revision.number() < holding.number())
                .filter(revision -> revision.outcome() == Revision.Outcome.DEPLOYED)
                .filter(revision -> !revision.hasContentOf(holding))
                .reduce((earlier, later) -> later);
    }

    private Revision copy(Revision former, int number, String reason, boolean automatic, Actor actor) {
        return new Revision(
                former.deployment(),
                number,
                former.document(),
                former.pins(),
                Revision.Outcome.ROLLING,
                reason,
                former.number(),
                automatic,
                actor.id(),
                clock.instant());
    }

    private static void refuseRemoved(Deployment deployment) {
        if (deployment.removed()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT, "The deployment " + deployment.name() + " is being removed. Try again later.");
        }
    }

    private static FactoryException unknown(String name) {
        return new FactoryException(ErrorCode.NOT_FOUND, "There is no deployment '" + name + "'.");
    }
}
