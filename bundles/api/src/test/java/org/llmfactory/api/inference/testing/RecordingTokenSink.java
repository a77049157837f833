package org.llmfactory.api.inference.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenSink;

/** Keeps everything it is told. */
public final class RecordingTokenSink implements TokenSink {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private final int cancelAfter;
    private List<GeneratedToken> prompt = List.of();
    private @Nullable FinishReason reason;
    private @Nullable GenerationUsage usage;
    private @Nullable FactoryException failure;
    private int endings;
    private boolean cancelled;

    /** A sink that waits for the end. */
    public RecordingTokenSink() {
        this(Integer.MAX_VALUE);
    }

    /** A sink that loses interest after so many tokens. */
    public RecordingTokenSink(int cancelAfter) {
        this.cancelAfter = cancelAfter;
    }

    @Override
    public synchronized void onToken(GeneratedToken token) {
        if (endings > 0) {
            throw new IllegalStateException("a token after the end");
        }
        tokens.add(token);
    }

    @Override
    public synchronized void onPrompt(List<GeneratedToken> prompt) {
        this.prompt = List.copyOf(prompt);
    }

    @Override
    public synchronized void onFinish(FinishReason reason, GenerationUsage usage) {
        this.reason = reason;
        this.usage = usage;
        end();
    }

    @Override
    public synchronized void onError(FactoryException failure) {
        this.failure = failure;
        end();
    }

    private void end() {
        endings++;
        ended.countDown();
    }

    @Override
    public synchronized boolean isCancelled() {
        return cancelled || tokens.size() >= cancelAfter;
    }

    /** Loses interest now. */
    public synchronized void cancel() {
        cancelled = true;
    }

    /** Waits for the end of the generation. */
    public RecordingTokenSink await(Duration deadline) throws InterruptedException {
        if (!ended.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("The generation did not end within " + deadline + "; tokens: " + ids());
        }
        return this;
    }

    /** Ids of the tokens so far. */
    public synchronized List<Integer> ids() {
        return tokens.stream().map(GeneratedToken::id).toList();
    }

    /** The tokens so far. */
    public synchronized List<GeneratedToken> tokens() {
        return List.copyOf(tokens);
    }

    /** The prompt's own log probabilities, if told. */
    public synchronized List<GeneratedToken> prompt() {
        return prompt;
    }

    /** How it ended, if well. */
    public synchronized Optional<FinishReason> reason() {
        return Optional.ofNullable(reason);
    }

    /** What it cost, if it ended well. */
    public synchronized Optional<GenerationUsage> usage() {
        return Optional.ofNullable(usage);
    }

    /** How it ended, if not well. */
    public synchronized Optional<FactoryException> failure() {
        return Optional.ofNullable(failure);
    }

    /** How often an end was told: 1 for a correct engine. */
    public synchronized int endings() {
        return endings;
    }
}
