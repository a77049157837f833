package org.llmfactory.gateway.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.gateway.generation.TextAssembler.Piece;

/**
 * Lets through of one answer what its content policy lets through. A token is told once all of its text is out, never
 * before. From the first character that the policy changed on no token is told, and none whose text was not given out
 * when the answer is blocked: tokens say what was said really.
 */
final class Screener {
    private final OutputScreen screen;
    private final Deque<TextToken> pending = new ArrayDeque<>();
    private final StringBuilder held = new StringBuilder();
    private int given;
    private boolean redacted;

    Screener(OutputScreen screen) {
        this.screen = screen;
    }

    /** Takes more of the answer and gives what may go out now. */
    Piece accept(Piece piece) {
        take(piece);
        String text = piece.text().isEmpty() ? "" : screen.accept(piece.text());
        return release(text, false);
    }

    /** Takes the last of the answer and gives the rest. */
    Piece finish(Piece piece) {
        take(piece);
        String text = piece.text().isEmpty() ? "" : screen.accept(piece.text());
        if (!screen.isBlocked()) {
            text += screen.finish();
        }
        return release(text, true);
    }

    /** Whether the answer must end here. */
    boolean isBlocked() {
        return screen.isBlocked();
    }

    /** Whether what went out differs from what was said. */
    boolean isRedacted() {
        return redacted;
    }

    private void take(Piece piece) {
        held.append(piece.text());
        pending.addAll(piece.tokens());
    }

    private Piece release(String text, boolean last) {
        account(text);
        if (last && !held.isEmpty()) {
            redacted = true;
        }
        boolean all = last && !redacted && !screen.isBlocked();
        List<TextToken> tokens = new ArrayList<>();
        while (!pending.isEmpty() && (all || isGiven(pending.element()))) {
            tokens.add(pending.remove());
        }
        if (redacted || screen.isBlocked()) {
            pending.clear();
        }
        return text.isEmpty() && tokens.isEmpty() ? Piece.NOTHING : new Piece(text, tokens);
    }

    /** Counts the characters that went out as they were said. */
    private void account(String text) {
        if (redacted) {
            return;
        }
        int same = 0;
        while (same < text.length() && same < held.length() && text.charAt(same) == held.charAt(same)) {
            same++;
        }
        held.delete(0, same);
        given += same;
        redacted = same < text.length();
    }

    /** A token without text is part of the character behind it. */
    private boolean isGiven(TextToken token) {
        return token.offset() + Math.max(1, token.text().length()) <= given;
    }
}
