package org.llmfactory.inference.remote.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.network.AgentReport.EngineReport;
import org.llmfactory.inference.remote.Services;

/**
 * One engine of one agent, and whether it is to be found: not before its model is known, not while its agent is silent, and
 * not once the way to it has failed until the agent has been heard of since; after failures in a row only when some time
 * has passed too. Confined to one thread.
 */
final class ServedEngine {
    private static final Duration FIRST_PENALTY = Duration.ofSeconds(1);
    private static final Duration LONGEST_PENALTY = Duration.ofSeconds(30);

    private EngineReport report;
    private @Nullable RemoteEngine engine;
    private @Nullable Runnable publication;
    private Instant brokenAt = Instant.MIN;
    private long blockedUntil;
    private int failures;

    ServedEngine(EngineReport report) {
        this.report = report;
    }

    EngineReport report() {
        return report;
    }

    /** The agent has said something newer of it. */
    void report(EngineReport next) {
        report = next;
        if (engine != null) {
            engine.report(next);
        }
    }

    Optional<RemoteEngine> engine() {
        return Optional.ofNullable(engine);
    }

    void become(RemoteEngine made) {
        engine = made;
    }

    /** Lets it be found, if nothing speaks against it. */
    void offer(Services services, Map<String, ?> properties, Instant heard, long now) {
        RemoteEngine present = engine;
        if (present == null || publication != null) {
            return;
        }
        if (present.isBroken()) {
            if (!heard.isAfter(brokenAt) || now - blockedUntil < 0) {
                return;
            }
            present.mend();
        }
        publication = services.publish(InferenceEngine.class, present, properties);
    }

    /** The way to it has failed. */
    void broke(Instant when, long now) {
        failures = engine != null && engine.isProven() ? 1 : failures + 1;
        brokenAt = when;
        blockedUntil = now + penalty(failures).toNanos();
        withdraw();
    }

    /** None for the first failure, then twice as long each time. */
    static Duration penalty(int failures) {
        if (failures < 2) {
            return Duration.ZERO;
        }
        Duration penalty = FIRST_PENALTY.multipliedBy(1L << Math.min(failures - 2, 10));
        return penalty.compareTo(LONGEST_PENALTY) > 0 ? LONGEST_PENALTY : penalty;
    }

    /** Lets it be found no longer. */
    void withdraw() {
        Runnable published = publication;
        publication = null;
        if (published != null) {
            published.run();
        }
    }

    /** The agent is not heard, for now. */
    void miss() {
        withdraw();
        engine().ifPresent(RemoteEngine::miss);
    }

    /** The agent has gone: so has everything under way there. */
    void lose() {
        withdraw();
        engine().ifPresent(RemoteEngine::lose);
    }

    static Map<String, ?> properties(String model, String digest, String agent, String tenant, String region) {
        return Map.of(
                Model.ID,
                model,
                Model.DIGEST,
                digest,
                InferenceEngine.REMOTE,
                true,
                InferenceEngine.AGENT,
                agent,
                InferenceEngine.TENANT,
                tenant,
                InferenceEngine.REGION,
                region);
    }
}
