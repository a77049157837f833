package org.llmfactory.gateway.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.TokenSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sequence on its way to an engine that answers it. Until the first sign of an answer a failure that is the engine's
 * and not the request's gives it to another one; after that the answer is that engine's, whatever comes. An engine is
 * asked by one thread at a time: the one that submits, then those of the engines one after the other.
 */
final class Attempt {
    /** Engines that a sequence is given to at most. */
    static final int MOST_ENGINES = 3;

    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private final Function<List<InferenceEngine>, List<EngineEntry>> untried;
    private final BiFunction<List<EngineEntry>, List<String>, Engines.Choice> chooser;
    private final GenerationRequest request;
    private final TokenSink sink;
    private final List<String> adapters;
    private final long submitted = System.nanoTime();
    private final List<InferenceEngine> tried = new ArrayList<>();
    private volatile Engines.@Nullable Choice choice;
    private volatile int count;
    private volatile boolean begun;

    /**
     * @param untried engines of the model without those that were tried
     * @param chooser picks one of them
     */
    Attempt(
            Function<List<InferenceEngine>, List<EngineEntry>> untried,
            BiFunction<List<EngineEntry>, List<String>, Engines.Choice> chooser,
            GenerationRequest request,
            TokenSink sink) {
        this.untried = untried;
        this.chooser = chooser;
        this.request = request;
        this.sink = sink;
        this.adapters = request.adapters().stream().map(AdapterWeight::digest).toList();
    }

    /**
     * Gives the sequence to the first engine that takes it.
     *
     * @throws FactoryException when none does
     */
    void begin() {
        FactoryException none = FactoryException.retryLater(
                ErrorCode.OVERLOADED, Duration.ofSeconds(5), "No engine serves this model at present.");
        FactoryException refusal = submit(none);
        if (refusal != null) {
            throw refusal;
        }
    }

    /** The engine that has it now. */
    Optional<Engines.Choice> choice() {
        return Optional.ofNullable(choice);
    }

    Optional<Route> route() {
        return choice().map(present ->
                new Route(present.agent(), present.candidate().reason(), count, begun));
    }

    /** Null when an engine took it; otherwise why it failed, the last engine's word. */
    private @Nullable FactoryException submit(FactoryException former) {
        FactoryException failure = former;
        while (tried.size() < MOST_ENGINES) {
            List<EngineEntry> left = untried.apply(tried);
            Duration elapsed = tried.isEmpty() ? Duration.ZERO : elapsed();
            if (left.isEmpty() || elapsed.compareTo(request.deadline()) > 0) {
                return failure;
            }
            Engines.Choice next = chooser.apply(left, adapters);
            tried.add(next.entry().engine());
            choice = next;
            count = tried.size();
            try {
                next.entry().engine().submit(within(elapsed), new Leg(elapsed));
                return null;
            } catch (FactoryException refused) {
                if (!isTheEngines(refused)) {
                    return refused;
                }
                failure = refused;
                log.info("The engine on {} refused {}: {}", next.agent(), request.id(), refused.getMessage());
            }
        }
        return failure;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - submitted);
    }

    /** The request with what is left of its time. */
    private GenerationRequest within(Duration elapsed) {
        return elapsed.isZero() ? request : request.within(request.deadline().minus(elapsed));
    }

    /** Whether another engine may do better. */
    private static boolean isTheEngines(FactoryException failure) {
        return failure.code() == ErrorCode.OVERLOADED || failure.code() == ErrorCode.UNAVAILABLE;
    }

    /** The sequence on one engine; what it says goes on to the request. */
    private final class Leg implements TokenSink {
        private final Duration before;

        /** @param before how long the engines before had it */
        Leg(Duration before) {
            this.before = before;
        }

        @Override
        public void onPrompt(List<GeneratedToken> prompt) {
            begun = true;
            sink.onPrompt(prompt);
        }

        @Override
        public void onToken(GeneratedToken token) {
            begun = true;
            sink.onToken(token);
        }

        @Override
        public void onFinish(FinishReason reason, GenerationUsage usage) {
            begun = true;
            sink.onFinish(reason, before.isZero() ? usage : later(usage));
        }

        @Override
        public void onError(FactoryException failure) {
            if (begun || !isTheEngines(failure) || sink.isCancelled()) {
                sink.onError(failure);
                return;
            }
            log.info("An engine failed {} before its first token: {}", request.id(), failure.getMessage());
            FactoryException last = elsewhere(failure);
            if (last != null) {
                sink.onError(last);
            }
        }

        private @Nullable FactoryException elsewhere(FactoryException failure) {
            try {
                return submit(failure);
            } catch (RuntimeException broken) {
                log.error("An engine cannot take {}", request.id(), broken);
                return new FactoryException(ErrorCode.INTERNAL, "The engine failed.", broken);
            }
        }

        @Override
        public boolean isCancelled() {
            return sink.isCancelled();
        }

        private GenerationUsage later(GenerationUsage usage) {
            Duration first = usage.timeToFirstToken();
            return new GenerationUsage(
                    usage.promptTokens(),
                    usage.cachedTokens(),
                    usage.completionTokens(),
                    usage.queueTime().plus(before),
                    usage.adapterLoadTime(),
                    first.isZero() ? first : first.plus(before),
                    usage.totalTime().plus(before));
        }
    }
}
