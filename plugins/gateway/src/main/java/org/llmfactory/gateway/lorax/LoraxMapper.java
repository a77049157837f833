package org.llmfactory.gateway.lorax;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.gateway.generation.Ending;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.TextToken;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.gateway.lorax.LoraxResponse.Alternative;
import org.llmfactory.gateway.lorax.LoraxResponse.Details;
import org.llmfactory.gateway.lorax.LoraxResponse.EventDetails;
import org.llmfactory.gateway.lorax.LoraxResponse.PrefillToken;
import org.llmfactory.gateway.lorax.LoraxResponse.Sequence;
import org.llmfactory.gateway.lorax.LoraxResponse.Token;

/** Turns generated texts into LoRAX's responses. */
final class LoraxMapper {
    private final LoraxRequest request;
    private final TextCodec codec;

    LoraxMapper(LoraxRequest request, TextCodec codec) {
        this.request = request;
        this.codec = codec;
    }

    /** The best of the texts, with the others in its details. */
    LoraxResponse response(List<GeneratedText> texts, TokenUsage usage) {
        List<GeneratedText> best = new ArrayList<>(texts);
        if (best.size() > 1) {
            best.sort(Comparator.comparingDouble(GeneratedText::meanLogprob).reversed());
        }
        GeneratedText chosen = best.get(0);
        return new LoraxResponse(
                full(chosen.text()), request.details() ? details(chosen, best.subList(1, best.size()), usage) : null);
    }

    private Details details(GeneratedText chosen, List<GeneratedText> others, TokenUsage usage) {
        List<Sequence> sequences =
                others.isEmpty() ? null : others.stream().map(this::sequence).toList();
        return new Details(
                reason(chosen.ending()),
                usage.promptTokens(),
                chosen.ending().completionTokens(),
                0,
                seed(chosen.sequence()),
                prefill(chosen),
                tokens(chosen),
                sequences);
    }

    private Sequence sequence(GeneratedText text) {
        return new Sequence(
                full(text.text()),
                reason(text.ending()),
                text.ending().completionTokens(),
                seed(text.sequence()),
                prefill(text),
                tokens(text));
    }

    EventDetails eventDetails(Ending ending, int promptTokens) {
        return new EventDetails(reason(ending), promptTokens, ending.completionTokens(), seed(0));
    }

    /** The answer as the caller wants it: alone, or behind what it continues. */
    String full(String text) {
        return request.fullText() ? request.inputs() + text : text;
    }

    private @Nullable Long seed(int candidate) {
        OptionalLong seed = request.options().sampling().seed();
        boolean greedy = request.options().sampling().isGreedy();
        return greedy || seed.isEmpty() ? null : Long.valueOf(seed.getAsLong() + candidate);
    }

    private List<PrefillToken> prefill(GeneratedText text) {
        return text.promptTokens().stream()
                .map(token -> new PrefillToken(token.id(), text(token.id()), logprob(token)))
                .toList();
    }

    private List<Token> tokens(GeneratedText text) {
        List<Token> tokens =
                new ArrayList<>(text.tokens().stream().map(this::token).toList());
        text.ending().stopToken().ifPresent(token -> tokens.add(stopToken(token)));
        return tokens;
    }

    Token token(TextToken token) {
        return token(token.token(), token.text(), false);
    }

    /** Text whose tokens a content policy has changed and which are therefore not told. */
    static Token redacted(String text) {
        return new Token(0, text, null, false, null);
    }

    Token stopToken(GeneratedToken token) {
        return token(token, text(token.id()), true);
    }

    private Token token(GeneratedToken token, String text, boolean special) {
        List<Alternative> alternatives = token.top().isEmpty()
                ? null
                : token.top().stream()
                        .map(other -> new Alternative(other.id(), text(other.id()), other.logprob()))
                        .toList();
        return new Token(token.id(), text, logprob(token), special, alternatives);
    }

    private String text(int id) {
        return new String(codec.bytesOf(id), UTF_8);
    }

    private static @Nullable Float logprob(GeneratedToken token) {
        return Float.isFinite(token.logprob()) ? token.logprob() : null;
    }

    private static String reason(Ending ending) {
        return switch (ending.reason()) {
            case STOP_TOKEN -> "eos_token";
            case STOP_TEXT -> "stop_sequence";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
