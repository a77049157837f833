package org.llmfactory.inference.engine;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.inference.engine.Batch.Part;
import org.llmfactory.inference.engine.Sequence.State;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.RunnerLimits;
import org.llmfactory.inference.runner.StepOutput;
import org.llmfactory.models.decoder.RopeScaling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers many requests in one batch. The scheduler decides, the runner computes, the block manager and the adapter pool
 * own memory, the delivery picks tokens and tells them; {@link #step} puts them together and is called by one thread, the
 * {@link EngineThread}.
 */
public final class Engine implements InferenceEngine {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final ModelInfo model;
    private final String device;
    private final ModelRunner runner;
    private final EngineLimits limits;
    private final EngineObserver observer;
    private final LongSupplier clock;
    private final int contextLength;
    private final int longContextFrom;
    private final PrefixRoots roots;
    private final RequestCheck check;
    private final Inbox inbox;
    private final BlockManager blocks;
    private final AdapterPool adapters;
    private final Scheduler scheduler;
    private final Delivery delivery;
    private final Wakeup wakeup = new Wakeup();
    private final Gate gate = new Gate();
    private final AtomicLong numbers = new AtomicLong();

    /** Steps that failed one after the other, up to the last one. */
    private volatile int failures;

    private volatile EngineStatus status;
    private long steps;

    /**
     * An engine that does nothing until its steps are called. It owns the runner from here on.
     *
     * @param device where the runner computes, for example {@code cpu}
     * @param clock nanoseconds, of any origin
     */
    public Engine(
            ModelInfo model,
            String device,
            ModelRunner runner,
            AdapterSource source,
            EngineLimits limits,
            EngineObserver observer,
            LongSupplier clock) {
        this.model = model;
        this.device = device;
        this.runner = runner;
        this.limits = limits;
        this.observer = observer;
        this.clock = clock;
        RunnerLimits memory = runner.limits();
        contextLength =
                Math.min(Math.min(model.contextLength(), memory.contextLength()), memory.blocks() * memory.blockSize());
        longContextFrom = runner.config().rope() instanceof RopeScaling.LongRope rope
                ? rope.originalContextLength()
                : Integer.MAX_VALUE;
        roots = new PrefixRoots(model.digest());
        check = new RequestCheck(memory.vocabularySize(), contextLength, source);
        inbox = new Inbox(limits.maxQueued(), limits.maxQueuedPerTenant());
        blocks = new BlockManager(memory.blocks(), memory.blockSize());
        adapters = new AdapterPool(
                model.id(), source, limits.adapterBytes(), limits.adapterLoaders(), observer, wakeup::signal);
        scheduler = new Scheduler(limits, memory.blockSize(), blocks, adapters, observer);
        delivery = new Delivery(blocks, new Sampler(memory.vocabularySize()), scheduler::generated, clock);
        status = snapshot();
    }

    @Override
    public ModelInfo model() {
        return model;
    }

    @Override
    public void submit(GenerationRequest request, TokenSink sink) {
        gate.enter();
        try {
            queue(sequence(request, sink, check.check(request)));
        } catch (FactoryException e) {
            gate.leave();
            observer.onError(e.code());
            throw e;
        } catch (RuntimeException e) {
            gate.leave();
            throw e;
        }
        wakeup.signal();
    }

    @Override
    public EngineStatus status() {
        EngineStatus last = status;
        return new EngineStatus(
                last.device(),
                last.weightType(),
                last.running(),
                inbox.size(),
                last.kvBlocks(),
                last.kvBlocksFree(),
                last.residentAdapters(),
                last.steps(),
                last.generatedTokens());
    }

    /** Whether the last steps failed one after the other, or the step thread ended by an error. */
    public boolean isBroken() {
        return failures >= limits.criticalFailures() || gate.isBroken();
    }

    /** Who may come in, and how many are inside. */
    Gate gate() {
        return gate;
    }

    Wakeup wakeup() {
        return wakeup;
    }

    /**
     * One step for every sequence that can advance.
     *
     * @return false when there was nothing to compute
     */
    boolean step() {
        receive();
        dismiss();
        Batch batch = scheduler.schedule(clock.getAsLong());
        leaveQueue(batch);
        if (!batch.isEmpty()) {
            compute(batch);
        }
        status = snapshot();
        return !batch.isEmpty();
    }

    /** Ends every sequence with this failure. */
    void failAll(FactoryException failure) {
        inbox.drainTo(scheduler::enqueue);
        scheduler.sequences().forEach(sequence -> fail(sequence, failure));
        status = snapshot();
    }

    /** Frees all memory; no step may be under way or follow. */
    void free() {
        adapters.close();
        runner.close();
    }

    private void queue(Sequence sequence) {
        inbox.add(sequence);
        // The step thread may have ended in between, and will not look again.
        if (gate.isClosed() && inbox.takeBack(sequence)) {
            throw gate.refusal();
        }
    }

    private Sequence sequence(GenerationRequest request, TokenSink sink, Map<String, Long> adapterSizes) {
        int promptLength = request.prompt().length;
        int maxTokens = Math.min(request.stop().maxTokens(), contextLength - promptLength);
        boolean longContext = promptLength + maxTokens > longContextFrom;
        AdapterMix mix = AdapterMix.of(request.adapters());
        return new Sequence(
                numbers.incrementAndGet(),
                request,
                new GuardedSink(request.id(), sink),
                mix,
                adapterSizes,
                roots.of(request.tenant(), mix, longContext),
                longContext,
                maxTokens,
                request.sampling().seed().orElseGet(Draws::randomSeed),
                clock.getAsLong());
    }

    private void receive() {
        adapters.settle();
        inbox.drainTo(scheduler::enqueue);
    }

    /** Lets those go that cannot or need not be answered any more. */
    private void dismiss() {
        long now = clock.getAsLong();
        for (Sequence sequence : scheduler.sequences()) {
            AdapterPin pin = sequence.pin();
            FactoryException failure = pin == null ? null : pin.failure();
            if (failure != null) {
                fail(sequence, failure);
            } else if (sequence.sink().isCancelled()) {
                finish(sequence, FinishReason.CANCELLED);
            } else if (sequence.isLate(now)) {
                fail(sequence, late());
            }
        }
    }

    private void leaveQueue(Batch batch) {
        long now = clock.getAsLong();
        for (Part part : batch.parts()) {
            if (part.sequence().leaveQueue()) {
                inbox.leave(part.sequence(), part.sequence().queueTime(now));
            }
        }
    }

    private void compute(Batch batch) {
        long start = clock.getAsLong();
        int failed = 0;
        try (StepOutput output = runner.run(batch.chunks())) {
            deliver(batch, output);
        } catch (RuntimeException e) {
            failed = failures + 1;
            log.error("A step of {} sequences on {} failed", batch.parts().size(), model.id(), e);
            failBatch(batch, e);
        }
        failures = failed;
        steps++;
        Duration time = Duration.ofNanos(clock.getAsLong() - start);
        observer.onStep(batch.parts().size(), batch.tokens(), time, failed > 0);
    }

    private void failBatch(Batch batch, RuntimeException cause) {
        FactoryException failure =
                new FactoryException(ErrorCode.INTERNAL, "The model failed while it computed this request.", cause);
        for (Part part : batch.parts()) {
            if (part.sequence().state() != State.ENDED) {
                fail(part.sequence(), failure);
            }
        }
    }

    private void deliver(Batch batch, StepOutput output) {
        int row = 0;
        for (Part part : batch.parts()) {
            try {
                if (delivery.deliver(part, output, row)) {
                    StopChecker.check(part.sequence()).ifPresent(reason -> finish(part.sequence(), reason));
                }
            } catch (FactoryException e) {
                fail(part.sequence(), e);
            }
            row += Delivery.rows(part);
        }
    }

    private void finish(Sequence sequence, FinishReason reason) {
        release(sequence);
        GenerationUsage usage = sequence.usage(clock.getAsLong());
        observer.onFinish(reason, usage);
        sequence.sink().onFinish(reason, usage);
        gate.leave();
    }

    private void fail(Sequence sequence, FactoryException failure) {
        release(sequence);
        observer.onError(failure.code());
        sequence.sink().onError(failure);
        gate.leave();
    }

    private void release(Sequence sequence) {
        scheduler.end(sequence);
        if (sequence.leaveQueue()) {
            inbox.leave(sequence, sequence.queueTime(clock.getAsLong()));
        }
    }

    private static FactoryException late() {
        return FactoryException.retryLater(
                ErrorCode.DEADLINE_EXCEEDED, RETRY, "The request was not answered within its time limit.");
    }

    private EngineStatus snapshot() {
        return new EngineStatus(
                device,
                runner.weightType().name().toLowerCase(Locale.ROOT),
                scheduler.running(),
                scheduler.waiting(),
                blocks.total(),
                blocks.free(),
                adapters.residents(),
                steps,
                delivery.generatedTokens());
    }
}
