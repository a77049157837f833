package org.llmfactory.gateway.route;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
import org.llmfactory.api.inference.TokenSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sequence on its way to an engine that answers it. Until the first sign of an answer a failure that is the engine's
 * and not the request's gives it to another one; after that the answer is that engine's, whatever comes. When an engine was
 * lost and there is no other, one that comes within {@link #PATIENCE} gets it, the lost one too once it is found again.
 * Engines are asked by one thread at a time: the one that submits, then those of the engines one after the other.
 */
final class Attempt {
    /** Engines that a sequence is given to at most. */
    static final int MOST_ENGINES = 3;

    /** How long a lost sequence waits for an engine. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Executor SOON = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private final Function<Set<EngineEntry>, List<EngineEntry>> untried;
    private final BiFunction<List<EngineEntry>, List<String>, Engines.Choice> chooser;
    private final GenerationRequest request;
    private final TokenSink sink;
    private final List<String> adapters;
    private final long submitted = System.nanoTime();
    /** By identity: an engine that went and came back has another entry. */
    private final Set<EngineEntry> tried = Collections.newSetFromMap(new IdentityHashMap<>());

    private volatile Engines.@Nullable Choice choice;
    private volatile int count;
    private volatile boolean begun;

    /**
     * @param untried engines of the model without those that were tried
     * @param chooser picks one of them
     */
    Attempt(
            Function<Set<EngineEntry>, List<EngineEntry>> untried,
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
            tried.add(next.entry());
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

    /** Gives it to another engine, now or as soon as there is one, and says so when that is no use. */
    private void goOn(FactoryException failure, long lost) {
        FactoryException last = elsewhere(failure);
        if (last == null) {
            return;
        }
        boolean hopeful = last.code() == ErrorCode.UNAVAILABLE && tried.size() < MOST_ENGINES && !sink.isCancelled();
        boolean inTime =
                System.nanoTime() - lost < PATIENCE.toNanos() && elapsed().compareTo(request.deadline()) < 0;
        if (hopeful && inTime) {
            SOON.execute(() -> goOn(last, lost));
        } else {
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
            goOn(failure, System.nanoTime());
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
