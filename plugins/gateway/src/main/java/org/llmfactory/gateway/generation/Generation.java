package org.llmfactory.gateway.generation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
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
    /** How long after its deadline, or after a cancellation, an engine may take to say that a request has ended. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final GenerationPlan plan;
    private final BlockingQueue<SequenceEvent> events;
    private final List<SequenceState> sequences = new ArrayList<>();
    private final List<GeneratedText.Builder> texts = new ArrayList<>();
    private final Account account;
    private final long started = System.nanoTime();
    private @Nullable SequenceEvent first;
    private @Nullable TokenUsage usage;
    private boolean closed;

    private Generation(GenerationPlan plan, List<GenerationRequest> requests, Account account) {
        this.plan = plan;
        this.account = account;
        this.events = new LinkedBlockingQueue<>(capacity(requests));
        for (int sequence = 0; sequence < requests.size(); sequence++) {
            QueueingSink sink = new QueueingSink(sequence, events);
            sequences.add(new SequenceState(plan, sequence, sink, account.screen()));
            texts.add(new GeneratedText.Builder(sequence));
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
     * @param account closed with the generation, also when one is refused
     * @throws FactoryException when one is refused; then none goes on
     */
    static Generation start(GenerationPlan plan, List<GenerationRequest> requests, Account account) {
        Generation generation;
        try {
            generation = new Generation(plan, requests, account);
        } catch (RuntimeException failure) {
            account.close();
            throw failure;
        }
        try {
            generation.submit(requests);
        } catch (RuntimeException refused) {
            try (generation) {
                throw refused instanceof FactoryException known ? account.failed(known) : refused;
            }
        }
        return generation;
    }

    private void submit(List<GenerationRequest> requests) {
        for (int i = 0; i < requests.size(); i++) {
            SequenceState sequence = sequences.get(i);
            try {
                plan.model().engine().submit(requests.get(i), sequence.submit());
            } catch (RuntimeException refused) {
                sequence.refused();
                throw refused;
            }
        }
    }

    public GenerationPlan plan() {
        return plan;
    }

    /** Headers of the answer: limits, and how long the checks took so far. */
    public Map<String, String> headers() {
        return account.headers();
    }

    /** A response with the whole answer and with the headers. */
    public Response.ResponseBuilder response(Object answer) {
        Response.ResponseBuilder response = Response.ok(answer, MediaType.APPLICATION_JSON_TYPE);
        headers().forEach(response::header);
        return response;
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
            sequences.get(failed.sequence()).take(failed);
            throw account.failed(failed.failure());
        }
        return first != null;
    }

    /** Whether all sequences have told their end. */
    public boolean isEnded() {
        return sequences.stream().allMatch(SequenceState::isEnded);
    }

    /**
     * The next text that may go out.
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
        Optional<Delta> delta = sequences.get(event.sequence()).take(event);
        if (event instanceof SequenceEvent.Failed failed) {
            throw account.failed(failed.failure());
        }
        delta.ifPresent(more -> texts.get(more.sequence()).add(more));
        return delta;
    }

    private @Nullable SequenceEvent poll(Duration limit) throws InterruptedException {
        long left = plan.deadline().plus(GRACE).toNanos() - (System.nanoTime() - started);
        if (left <= 0) {
            throw account.failed(new FactoryException(
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
        while (!isEnded()) {
            next(plan.deadline());
        }
        return texts();
    }

    /** The answers, once all are ended. */
    public List<GeneratedText> texts() {
        List<GeneratedText> built = new ArrayList<>();
        for (GeneratedText.Builder text : texts) {
            built.add(text.build(promptTokens(built.size())));
        }
        return built;
    }

    /** A sequence's prompt with its log probabilities; empty unless asked for and told. */
    public List<GeneratedToken> promptTokens(int sequence) {
        return sequences.get(sequence).promptTokens();
    }

    /**
     * Settles the request, once all is ended, and tells what it cost. To be called before the end of the answer is sent:
     * when it returns, the entry in the ledger is durable. A second call tells the same.
     *
     * @throws FactoryException when it cannot be entered
     */
    public TokenUsage settle() throws InterruptedException {
        if (usage == null) {
            awaitReports();
            usage = TokenUsage.of(sequences, plan.candidates());
            boolean blocked = texts().stream().anyMatch(text -> text.ending().reason() == Ending.Reason.CONTENT_FILTER);
            try {
                account.complete(usage, blocked, textsSoFar());
            } catch (FactoryException failure) {
                throw account.failed(failure);
            }
        }
        return usage;
    }

    /** Sequences that were ended from here are waited for, shortly: the engine hears of it with its next step. */
    private void awaitReports() throws InterruptedException {
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (!sequences.stream().allMatch(SequenceState::isReported) && System.nanoTime() < deadline) {
            SequenceEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event != null) {
                sequences.get(event.sequence()).take(event);
            }
        }
    }

    private List<String> textsSoFar() {
        return texts.stream().map(GeneratedText.Builder::text).toList();
    }

    /** Ends all sequences at the engine's next step. */
    public void cancel() {
        sequences.forEach(SequenceState::cancel);
    }

    /** Cancels and settles what is not finished, and lets the request's place go. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (account) {
            if (!account.isSettled()) {
                breakOff();
            }
        }
    }

    private void breakOff() {
        // An answer that is complete and yet was not settled is one that could not be told.
        boolean broken = isEnded();
        if (first != null) {
            sequences.get(first.sequence()).take(first);
        }
        sequences.forEach(SequenceState::abandon);
        try {
            awaitReports();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        account.breakOff(TokenUsage.of(sequences, plan.candidates()), broken, textsSoFar());
    }
}
