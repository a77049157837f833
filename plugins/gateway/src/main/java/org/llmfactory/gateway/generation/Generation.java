package org.llmfactory.gateway.generation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationRequest;

/**
 * The sequences of one request while they are generated. Confined to the thread that answers the request; only the queue
 * is shared with the engine, which never waits for it.
 */
public final class Generation implements AutoCloseable {
    /** How long after its deadline an engine may take to say that a request has failed. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final GenerationPlan plan;
    private final BlockingQueue<SequenceEvent> events;
    private final List<SequenceState> sequences = new ArrayList<>();
    private final GatewayMetrics.Request measured;
    private final Runnable onClose;
    private final long started = System.nanoTime();
    private @Nullable SequenceEvent first;
    private boolean closed;

    private Generation(
            GenerationPlan plan, List<GenerationRequest> requests, GatewayMetrics.Request measured, Runnable onClose) {
        this.plan = plan;
        this.measured = measured;
        this.onClose = onClose;
        this.events = new LinkedBlockingQueue<>(capacity(requests));
        for (int sequence = 0; sequence < requests.size(); sequence++) {
            sequences.add(new SequenceState(plan, sequence, new QueueingSink(sequence, events)));
        }
    }

    /** For each sequence its tokens, its prompt, its end, and one to spare. */
    private static int capacity(List<GenerationRequest> requests) {
        long events = requests.stream()
                .mapToLong(request -> request.stop().maxTokens() + 3L)
                .sum();
        return (int) Math.min(events, Integer.MAX_VALUE);
    }

    /**
     * Queues all sequences.
     *
     * @param onClose called once, when the generation is closed
     * @throws FactoryException when one is refused; then none goes on, and {@code onClose} is not called
     */
    static Generation start(GenerationPlan plan, GatewayMetrics.Request measured, Runnable onClose) {
        List<GenerationRequest> requests = plan.requests();
        Generation generation = new Generation(plan, requests, measured, onClose);
        try {
            for (int sequence = 0; sequence < requests.size(); sequence++) {
                plan.model()
                        .engine()
                        .submit(
                                requests.get(sequence),
                                generation.sequences.get(sequence).sink());
            }
        } catch (RuntimeException refused) {
            generation.cancel();
            throw refused;
        }
        return generation;
    }

    public GenerationPlan plan() {
        return plan;
    }

    /**
     * Waits until the engine has begun to answer, so that a failure before that can still be told by a status.
     *
     * @return false when it has not within {@code limit}
     * @throws FactoryException when it failed
     */
    public boolean awaitFirst(Duration limit) throws InterruptedException {
        if (first == null) {
            first = poll(limit);
        }
        if (first instanceof SequenceEvent.Failed failed) {
            throw failed(failed.failure());
        }
        return first != null;
    }

    /** Whether all sequences have told their end. */
    public boolean isEnded() {
        return sequences.stream().allMatch(SequenceState::isEnded);
    }

    /**
     * The next text that is certain.
     *
     * @return empty when there is none within {@code limit}, or an event came that gave none
     * @throws FactoryException when a sequence failed, or the deadline has passed
     */
    public Optional<Delta> next(Duration limit) throws InterruptedException {
        SequenceEvent event = first;
        first = null;
        if (event == null) {
            event = poll(limit);
        }
        if (event == null) {
            return Optional.empty();
        }
        if (event instanceof SequenceEvent.Failed failed) {
            throw failed(failed.failure());
        }
        return sequences.get(event.sequence()).take(event);
    }

    private @Nullable SequenceEvent poll(Duration limit) throws InterruptedException {
        long left = plan.deadline().plus(GRACE).toNanos() - (System.nanoTime() - started);
        if (left <= 0) {
            throw failed(new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "The answer was not finished within " + plan.deadline().toSeconds() + " seconds."));
        }
        return events.poll(Math.min(left, limit.toNanos()), TimeUnit.NANOSECONDS);
    }

    /**
     * Waits for all answers.
     *
     * @throws FactoryException as {@link #next}
     */
    public List<GeneratedText> complete() throws InterruptedException {
        List<GeneratedText.Builder> texts = new ArrayList<>();
        for (int sequence = 0; sequence < plan.sequences(); sequence++) {
            texts.add(new GeneratedText.Builder(sequence));
        }
        while (!isEnded()) {
            next(plan.deadline()).ifPresent(delta -> texts.get(delta.sequence()).add(delta));
        }
        return texts.stream()
                .map(text -> text.build(promptTokens(text.sequence())))
                .toList();
    }

    /** A sequence's prompt with its log probabilities; empty unless asked for and told. */
    public List<GeneratedToken> promptTokens(int sequence) {
        return sequences.get(sequence).promptTokens();
    }

    /**
     * What it cost, once all is ended. Sequences that a stop text ended are waited for, shortly: the engine hears of it with its next step.
     */
    public TokenUsage usage() throws InterruptedException {
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (!sequences.stream().allMatch(SequenceState::isReported) && System.nanoTime() < deadline) {
            SequenceEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event != null) {
                sequences.get(event.sequence()).take(event);
            }
        }
        TokenUsage usage = SequenceState.total(sequences, plan.candidates());
        measured.succeeded(usage);
        return usage;
    }

    private FactoryException failed(FactoryException failure) {
        measured.failed(failure.code());
        return failure;
    }

    /** Ends all sequences at the engine's next step. */
    public void cancel() {
        sequences.forEach(sequence -> sequence.sink().cancel());
    }

    /** Cancels what is not finished and lets the request's place go. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cancel();
            measured.abandoned();
            onClose.run();
        }
    }
}
