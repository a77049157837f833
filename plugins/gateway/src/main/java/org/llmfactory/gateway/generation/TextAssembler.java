package org.llmfactory.gateway.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.model.StreamingDecoder;

/** Puts one sequence's tokens together to text, and lets go of both as soon as they are certain. */
final class TextAssembler {
    private final StreamingDecoder decoder;
    private final StopMatcher stops;
    private final Deque<TextToken> pending = new ArrayDeque<>();
    private int decoded;
    private int released;

    /** Text that is certain, and the tokens it came from. */
    record Piece(String text, List<TextToken> tokens) {
        static final Piece NOTHING = new Piece("", List.of());

        Piece {
            tokens = List.copyOf(tokens);
        }

        boolean isEmpty() {
            return text.isEmpty() && tokens.isEmpty();
        }
    }

    TextAssembler(StreamingDecoder decoder, StopRules rules) {
        this.decoder = decoder;
        this.stops = new StopMatcher(rules);
    }

    /** Takes a token; the text may be empty while more is needed to be certain. */
    Piece append(GeneratedToken token) {
        String text = decoder.append(token.id());
        pending.add(new TextToken(token, decoded, text));
        decoded += text.length();
        return release(stops.append(text));
    }

    /** The rest, when no more tokens come. */
    Piece finish() {
        String rest = stops.append(decoder.finish());
        return release(stops.matched() ? rest : rest + stops.finish(), true);
    }

    /** Whether a stop text has ended the sequence. */
    boolean stopped() {
        return stops.matched();
    }

    private Piece release(String text) {
        return release(text, false);
    }

    /** A token goes with its first character; one without text goes with the character it is the beginning of. */
    private Piece release(String text, boolean last) {
        released += text.length();
        boolean all = last && !stopped();
        List<TextToken> tokens = new ArrayList<>();
        while (!pending.isEmpty() && (all || pending.element().offset() < released)) {
            tokens.add(pending.remove());
        }
        return text.isEmpty() && tokens.isEmpty() ? Piece.NOTHING : new Piece(text, tokens);
    }
}
