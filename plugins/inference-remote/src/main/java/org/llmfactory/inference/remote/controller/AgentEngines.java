package org.llmfactory.inference.remote.controller;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentReport.EngineReport;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.inference.remote.Services;

/** The engines of one agent, as it reports them. Confined to one thread. */
final class AgentEngines {
    /** How long an answer that has begun waits for an agent that is not heard; more than a busy machine stands still. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    /** Which model, to the weights. */
    record Key(String model, String digest) {
        static Key of(EngineReport report) {
            return new Key(report.model(), report.digest());
        }
    }

    private final AgentAddress agent;
    private final Services services;
    private final BiFunction<ServedEngine, ModelInfo, RemoteEngine> maker;
    private final Map<Key, ServedEngine> engines = new HashMap<>();
    private @Nullable Member last;
    private long missedSince;

    /** @param maker makes an engine once its model is known */
    AgentEngines(AgentAddress agent, Services services, BiFunction<ServedEngine, ModelInfo, RemoteEngine> maker) {
        this.agent = agent;
        this.services = services;
        this.maker = maker;
    }

    AgentAddress agent() {
        return agent;
    }

    /** The models that the agent serves, if it is alive. */
    Set<Key> models() {
        return last != null && last.alive() ? Set.copyOf(engines.keySet()) : Set.of();
    }

    /**
     * The agent has been heard, or has not been.
     *
     * @param now the time, as {@link System#nanoTime}
     */
    void hear(Member member, long now) {
        Member before = last;
        last = member;
        boolean restarted = before != null
                && !before.report().started().equals(member.report().started());
        if (restarted) {
            engines.values().forEach(ServedEngine::lose);
        } else if (!member.alive()) {
            miss(before == null || before.alive(), now);
        }
        if (member.alive() && (before == null || !before.report().equals(member.report()))) {
            take(member.report());
        }
    }

    private void miss(boolean first, long now) {
        missedSince = first ? now : missedSince;
        boolean gone = now - missedSince > PATIENCE.toNanos();
        engines.values().forEach(gone ? ServedEngine::lose : ServedEngine::miss);
    }

    private void take(AgentReport report) {
        Set<Key> reported = new HashSet<>();
        for (EngineReport engine : report.engines()) {
            Key key = Key.of(engine);
            reported.add(key);
            ServedEngine served = engines.get(key);
            if (served == null) {
                engines.put(key, new ServedEngine(engine));
            } else {
                served.report(engine);
            }
        }
        engines.entrySet().removeIf(entry -> {
            boolean gone = !reported.contains(entry.getKey());
            if (gone) {
                // What is under way there is finished by the agent.
                entry.getValue().withdraw();
            }
            return gone;
        });
    }

    /** Lets be found what can be, by what is known of models now. */
    void refresh(BiFunction<AgentAddress, Key, Optional<ModelInfo>> models, long now) {
        Member member = last;
        if (member == null || !member.alive()) {
            return;
        }
        engines.forEach((key, served) -> {
            if (served.engine().isEmpty()) {
                models.apply(agent, key).ifPresent(info -> served.become(maker.apply(served, info)));
            }
            served.offer(services, properties(key, member), member.heard(), now);
        });
    }

    private Map<String, ?> properties(Key key, Member member) {
        return ServedEngine.properties(
                key.model(),
                key.digest(),
                agent.toString(),
                agent.tenant(),
                member.report().region());
    }

    /** The agent is no more. */
    void end() {
        engines.values().forEach(ServedEngine::lose);
        engines.clear();
    }
}
