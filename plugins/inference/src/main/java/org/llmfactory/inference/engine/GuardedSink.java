package org.llmfactory.inference.engine;

import java.util.List;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the failures of one caller's sink from everyone else: a sink that throws counts as cancelled from then on. */
final class GuardedSink implements TokenSink {
    private static final Logger log = LoggerFactory.getLogger(GuardedSink.class);

    private final String request;
    private final TokenSink sink;
    private boolean failed;

    GuardedSink(String request, TokenSink sink) {
        this.request = request;
        this.sink = sink;
    }

    @Override
    public void onPrompt(List<GeneratedToken> prompt) {
        guard(() -> sink.onPrompt(prompt));
    }

    @Override
    public void onToken(GeneratedToken token) {
        guard(() -> sink.onToken(token));
    }

    @Override
    public void onFinish(FinishReason reason, GenerationUsage usage) {
        guard(() -> sink.onFinish(reason, usage));
    }

    @Override
    public void onError(FactoryException failure) {
        guard(() -> sink.onError(failure));
    }

    @Override
    public boolean isCancelled() {
        boolean[] cancelled = new boolean[1];
        guard(() -> cancelled[0] = sink.isCancelled());
        return failed || cancelled[0];
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | LinkageError | AssertionError e) {
            failed = true;
            log.warn("The receiver of request {} failed; the request is dropped", request, e);
        }
    }
}
