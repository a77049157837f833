package org.llmfactory.api.inference.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.TokenLogprob;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.model.ModelInfo;

/**
 * Answers each request with the tokens its script names, a request at a time, from a thread of its own. Stop tokens, the
 * token limit, cancellation and the deadline are honoured; log probabilities, where asked for, are those of a token with
 * probability one half and of alternatives that halve from one to the next.
 */
public final class ScriptedInferenceEngine implements InferenceEngine, AutoCloseable {
    private final ModelInfo model;
    private final Function<GenerationRequest, Script> scripts;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread created = new Thread(work, "scripted-engine");
        created.setDaemon(true);
        return created;
    });
    private final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger generated = new AtomicInteger();
    private volatile int capacity = Integer.MAX_VALUE;
    private volatile @Nullable Semaphore steps;

    /**
     * What to answer.
     *
     * @param tokens the ids, in order; after the last one the answer ends as if by a stop token
     * @param failure told in place of a good end, or null
     */
    public record Script(List<Integer> tokens, @Nullable FactoryException failure) {
        public Script {
            tokens = List.copyOf(tokens);
        }

        /** An answer that ends well. */
        public static Script of(int... tokens) {
            return new Script(Arrays.stream(tokens).boxed().toList(), null);
        }

        /** The same answer that breaks off with an error. */
        public Script failingWith(FactoryException reason) {
            return new Script(tokens, reason);
        }
    }

    /** An engine whose answer depends on the request. */
    public ScriptedInferenceEngine(ModelInfo model, Function<GenerationRequest, Script> scripts) {
        this.model = model;
        this.scripts = scripts;
    }

    /** An engine that always answers the same. */
    public static ScriptedInferenceEngine answering(ModelInfo model, int... tokens) {
        return new ScriptedInferenceEngine(model, request -> Script.of(tokens));
    }

    /** From now on each step waits for {@link #allow}; cancellation is seen while waiting. */
    public ScriptedInferenceEngine stepByStep() {
        steps = new Semaphore(0);
        return this;
    }

    /** Lets that many steps happen. */
    public void allow(int count) {
        Semaphore gate = steps;
        if (gate == null) {
            throw new IllegalStateException("the engine does not run step by step");
        }
        gate.release(count);
    }

    /** From now on refuses a request when so many are unanswered. */
    public ScriptedInferenceEngine withCapacity(int requests) {
        capacity = requests;
        return this;
    }

    /** Every request taken, in order. */
    public List<GenerationRequest> requests() {
        return List.copyOf(requests);
    }

    @Override
    public ModelInfo model() {
        return model;
    }

    @Override
    public void submit(GenerationRequest request, TokenSink sink) {
        if (request.prompt().length == 0) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "The prompt is empty.");
        }
        if (request.prompt().length + request.stop().maxTokens() > model.contextLength()) {
            throw new FactoryException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "Prompt and completion do not fit a context of " + model.contextLength() + " tokens.");
        }
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            throw FactoryException.retryLater(ErrorCode.OVERLOADED, Duration.ofSeconds(1), "The queue is full.");
        }
        requests.add(request);
        long submitted = System.nanoTime();
        thread.execute(() -> {
            try {
                new Generation(request, sink, submitted).run();
            } finally {
                waiting.decrementAndGet();
            }
        });
    }

    @Override
    public EngineStatus status() {
        int unanswered = waiting.get();
        return new EngineStatus(
                "cpu",
                "float32",
                Math.min(1, unanswered),
                Math.max(0, unanswered - 1),
                0,
                0,
                List.of(),
                generated.get(),
                generated.get());
    }

    /** Answers what is queued, then ends the thread; steps no longer wait. */
    @Override
    public void close() {
        if (steps != null) {
            allow(1_000_000);
        }
        thread.shutdown();
    }

    private final class Generation {
        private final GenerationRequest request;
        private final TokenSink sink;
        private final long submitted;
        private final Script script;
        private long firstToken;
        private int count;

        Generation(GenerationRequest request, TokenSink sink, long submitted) {
            this.request = request;
            this.sink = sink;
            this.submitted = submitted;
            this.script = scripts.apply(request);
        }

        void run() {
            if (request.promptLogprobs()) {
                sink.onPrompt(promptTokens());
            }
            for (int id : script.tokens()) {
                if (!mayStep()) {
                    return;
                }
                count++;
                firstToken = firstToken == 0 ? System.nanoTime() : firstToken;
                generated.incrementAndGet();
                sink.onToken(token(id));
                if (request.stop().stopTokens().contains(id) && !request.stop().ignoreStopTokens()) {
                    finish(FinishReason.STOP);
                    return;
                }
            }
            if (!mayStep()) {
                return;
            }
            if (script.failure() != null) {
                sink.onError(script.failure());
            } else {
                finish(FinishReason.STOP);
            }
        }

        /** True when another token may come; otherwise the end has been told. */
        private boolean mayStep() {
            if (count >= request.stop().maxTokens()) {
                finish(FinishReason.LENGTH);
                return false;
            }
            Semaphore gate = steps;
            do {
                if (sink.isCancelled()) {
                    finish(FinishReason.CANCELLED);
                    return false;
                }
                if (System.nanoTime() - submitted > request.deadline().toNanos()) {
                    sink.onError(new FactoryException(ErrorCode.DEADLINE_EXCEEDED, "The deadline has passed."));
                    return false;
                }
            } while (gate != null && !acquired(gate));
            return true;
        }

        private boolean acquired(Semaphore gate) {
            try {
                return gate.tryAcquire(5, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }

        private GeneratedToken token(int id) {
            int top = request.sampling().topLogprobs();
            if (top < 0) {
                return GeneratedToken.of(id);
            }
            List<TokenLogprob> alternatives = new ArrayList<>();
            for (int i = 0; i < top; i++) {
                alternatives.add(new TokenLogprob((id + i) % model.vocabularySize(), halved(i + 1)));
            }
            return new GeneratedToken(id, halved(1), alternatives);
        }

        private List<GeneratedToken> promptTokens() {
            List<GeneratedToken> tokens = new ArrayList<>();
            for (int id : request.prompt()) {
                tokens.add(tokens.isEmpty() ? GeneratedToken.of(id) : token(id));
            }
            return tokens;
        }

        private static float halved(int times) {
            return (float) (times * Math.log(0.5));
        }

        private void finish(FinishReason reason) {
            Duration total = Duration.ofNanos(System.nanoTime() - submitted);
            Duration first = firstToken == 0 ? Duration.ZERO : Duration.ofNanos(firstToken - submitted);
            sink.onFinish(
                    reason,
                    new GenerationUsage(request.prompt().length, 0, count, Duration.ZERO, Duration.ZERO, first, total));
        }
    }
}
