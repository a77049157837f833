package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.inference.runner.RunnerLimits;
import org.llmfactory.models.decoder.RopeScaling;

/** An engine over the scripted model whose steps the test makes itself, with a clock the test turns. */
final class EngineFixture implements AutoCloseable {
    static final int VOCABULARY = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final EngineLimits LIMITS = new EngineLimits(64, 512, 1024, 1024, 1000, 4, Duration.ofSeconds(3), 3);

    private final ScriptedModelRunner runner;
    private final ScriptedAdapters adapters = new ScriptedAdapters();
    private final AtomicLong clock = new AtomicLong(1_000_000_000);
    private final Engine engine;
    private final List<RecordingTokenSink> sinks = new ArrayList<>();

    private EngineFixture(EngineLimits limits, RunnerLimits memory, RopeScaling rope) {
        runner = new ScriptedModelRunner(memory, rope);
        ModelInfo model =
                new ModelInfo("base", "b".repeat(64), "llama", memory.contextLength(), VOCABULARY, Instant.EPOCH);
        engine = new Engine(model, "cpu", runner, adapters, limits, EngineObserver.NONE, clock::get);
    }

    /** Plenty of everything: a context of 256 tokens in blocks of 4, and memory for 16 of them. */
    static EngineFixture roomy() {
        return of(LIMITS, 1024);
    }

    static EngineFixture of(EngineLimits limits, int blocks) {
        return new EngineFixture(limits, new RunnerLimits(VOCABULARY, 256, 4, blocks), RopeScaling.NONE);
    }

    static EngineFixture withRope(RopeScaling rope) {
        return new EngineFixture(LIMITS, new RunnerLimits(VOCABULARY, 256, 4, 1024), rope);
    }

    static EngineLimits limits(int maxSequences, int maxTokensPerStep) {
        return new EngineLimits(maxSequences, maxTokensPerStep, 1024, 1024, 1000, 4, Duration.ofSeconds(3), 3);
    }

    static EngineLimits queueLimits(int maxQueued, int maxQueuedPerTenant) {
        return new EngineLimits(1, 64, maxQueued, maxQueuedPerTenant, 1000, 4, Duration.ofSeconds(3), 3);
    }

    static EngineLimits adapterLimits(int maxSequences, long bytes) {
        return new EngineLimits(maxSequences, 64, 1024, 1024, bytes, 4, Duration.ofSeconds(3), 3);
    }

    Engine engine() {
        return engine;
    }

    ScriptedModelRunner runner() {
        return runner;
    }

    ScriptedAdapters adapters() {
        return adapters;
    }

    void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    RecordingTokenSink submit(Requests request) {
        return submit(request, new RecordingTokenSink());
    }

    RecordingTokenSink submit(Requests request, RecordingTokenSink sink) {
        engine.submit(request.build(), sink);
        sinks.add(sink);
        return sink;
    }

    /** Submits and steps to the end. */
    RecordingTokenSink answer(Requests request) {
        RecordingTokenSink sink = submit(request);
        finish();
        return sink;
    }

    boolean step() {
        boolean computed = engine.step();
        clock.addAndGet(1_000_000);
        return computed;
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            step();
        }
    }

    /** Steps until no sequence is left. */
    void finish() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (engine.gate().inside() > 0) {
            if (!step()) {
                pause();
            }
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
        }
    }

    /** Steps until this many adapters are in memory or on their way no longer. */
    void stepUntilResident(String... digests) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!engine.status().residentAdapters().containsAll(List.of(digests))) {
            pause();
            step();
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
        }
    }

    private void pause() {
        try {
            engine.wakeup().await(Duration.ofMillis(50));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Nothing may be left over: every request has ended once and all memory has come back. */
    @Override
    public void close() {
        engine.failAll(engine.gate().refusal());
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.endings()).isEqualTo(1));
        assertThat(engine.gate().inside()).isZero();
        assertThat(engine.status().waiting()).isZero();
        assertThat(engine.status().kvBlocksFree()).isEqualTo(engine.status().kvBlocks());
        engine.free();
        assertThat(adapters.bytesInMemory()).isZero();
        assertThat(runner.isClosed()).isTrue();
    }
}
