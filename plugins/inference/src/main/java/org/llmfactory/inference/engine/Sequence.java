package org.llmfactory.inference.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;
import org.llmfactory.api.inference.TokenSink;

/**
 * One request's state: its tokens, how many of them are computed, and what memory it holds. Confined to the step thread
 * once it has left the {@link Inbox}.
 */
final class Sequence {
    /** Where a sequence is in its life. */
    enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final long number;
    private final GenerationRequest request;
    private final TokenSink sink;
    private final AdapterMix mix;
    private final Map<String, Long> adapterSizes;
    private final boolean longContext;
    private final int maxTokens;
    private final long seed;
    private final long submitted;
    private final BlockTable table;
    private final int promptLength;

    private State state = State.WAITING;
    private int[] tokens;
    private int length;
    private int computed;
    private int cached;
    private @Nullable AdapterPin pin;
    private final List<GeneratedToken> promptLogprobs = new ArrayList<>();
    private boolean promptTold;
    private boolean charged;
    private boolean leftQueue;

    private @Nullable Long passedOver;
    private @Nullable Long adaptersAsked;
    private long adapterWait;
    private @Nullable Long started;
    private @Nullable Long firstToken;

    /**
     * @param number order of arrival
     * @param adapterSizes about the memory each adapter takes, by digest
     * @param maxTokens of the request, or what the context leaves of them
     * @param seed of the request, or one of its own
     * @param submitted when it came, in nanoseconds of the engine's clock
     */
    Sequence(
            long number,
            GenerationRequest request,
            TokenSink sink,
            AdapterMix mix,
            Map<String, Long> adapterSizes,
            PrefixKey root,
            boolean longContext,
            int maxTokens,
            long seed,
            long submitted) {
        this.number = number;
        this.request = request;
        this.sink = sink;
        this.mix = mix;
        this.adapterSizes = Map.copyOf(adapterSizes);
        this.longContext = longContext;
        this.maxTokens = maxTokens;
        this.seed = seed;
        this.submitted = submitted;
        table = new BlockTable(root);
        tokens = request.prompt();
        length = tokens.length;
        promptLength = length;
    }

    long number() {
        return number;
    }

    String id() {
        return request.id();
    }

    String tenant() {
        return request.tenant();
    }

    TokenSink sink() {
        return sink;
    }

    AdapterMix mix() {
        return mix;
    }

    Map<String, Long> adapterSizes() {
        return adapterSizes;
    }

    boolean longContext() {
        return longContext;
    }

    SamplingParameters sampling() {
        return request.sampling();
    }

    StopConditions stop() {
        return request.stop();
    }

    int maxTokens() {
        return maxTokens;
    }

    long seed() {
        return seed;
    }

    BlockTable table() {
        return table;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** Prompt and completion; only the first {@link #length} count. */
    int[] tokens() {
        return tokens;
    }

    int length() {
        return length;
    }

    int promptLength() {
        return promptLength;
    }

    int completionLength() {
        return length - promptLength;
    }

    /** Tokens whose keys and values are in memory. */
    int computed() {
        return computed;
    }

    /** Tokens still to be computed before the next one can be picked. */
    int remaining() {
        return length - computed;
    }

    void advance(int count) {
        computed += count;
    }

    void append(int token, long now) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length);
        }
        tokens[length++] = token;
        if (firstToken == null) {
            firstToken = now;
        }
    }

    /** Begins, or begins again after a preemption, with so many tokens found in memory. */
    void begin(int found, long now) {
        state = State.RUNNING;
        computed = found;
        if (started == null) {
            started = now;
            cached = found;
        }
    }

    /** Its memory was taken away. */
    void lose() {
        state = State.WAITING;
        computed = 0;
        promptLogprobs.clear();
    }

    boolean mayReadCache() {
        return !wantsPromptLogprobs();
    }

    boolean wantsPromptLogprobs() {
        return request.promptLogprobs() && !promptTold;
    }

    List<GeneratedToken> promptLogprobs() {
        return promptLogprobs;
    }

    void promptTold() {
        promptTold = true;
    }

    /** True the first time it is asked: whether the prompt is still to be paid for. */
    boolean charge() {
        boolean first = !charged;
        charged = true;
        return first;
    }

    /** True the first time it is asked: whether it still counts as queued. */
    boolean leaveQueue() {
        boolean first = !leftQueue;
        leftQueue = true;
        return first;
    }

    @Nullable
    AdapterPin pin() {
        return pin;
    }

    void pin(@Nullable AdapterPin claim) {
        pin = claim;
    }

    /** There was no room for its adapters. */
    void passOver(long now) {
        askAdapters(now);
        if (passedOver == null) {
            passedOver = now;
        }
    }

    /** Whether it has been passed over for so long. */
    boolean isStarving(long now, Duration bound) {
        return passedOver != null && pin == null && now - passedOver >= bound.toNanos();
    }

    void askAdapters(long now) {
        if (adaptersAsked == null) {
            adaptersAsked = now;
        }
    }

    void adaptersReady(long now) {
        if (adaptersAsked != null && adapterWait == 0) {
            adapterWait = now - adaptersAsked;
        }
    }

    boolean isLate(long now) {
        return now - submitted >= request.deadline().toNanos();
    }

    /** Time between submission and the first step; until there was one, the time waited so far. */
    Duration queueTime(long now) {
        return Duration.ofNanos((started == null ? now : started) - submitted);
    }

    GenerationUsage usage(long now) {
        return new GenerationUsage(
                promptLength,
                cached,
                completionLength(),
                queueTime(now),
                Duration.ofNanos(adapterWait),
                firstToken == null ? Duration.ZERO : Duration.ofNanos(firstToken - submitted),
                Duration.ofNanos(now - submitted));
    }
}
