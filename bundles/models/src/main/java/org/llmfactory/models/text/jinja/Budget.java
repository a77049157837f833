package org.llmfactory.models.text.jinja;

import java.time.Duration;

/** What one rendering may use up, so that a hostile template cannot hold the platform up. */
final class Budget {
    private static final long STEPS = 2_000_000;
    private static final long CHARACTERS = 1L << 27;
    private static final int DEEPEST_CALL = 64;

    private static final long CLOCK_INTERVAL = 256;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final long start = System.nanoTime();
    private long steps;
    private long nextLook = CLOCK_INTERVAL;
    private long characters;
    private int depth;

    /** One statement, iteration or call. */
    void step() {
        steps(1);
    }

    /** Work on so many elements. */
    void steps(long count) {
        steps += count;
        if (steps > STEPS || count < 0 || isLate()) {
            throw new TemplateException("the template runs for too long");
        }
    }

    private boolean isLate() {
        if (steps < nextLook) {
            return false;
        }
        nextLook = steps + CLOCK_INTERVAL;
        return System.nanoTime() - start > LONGEST.toNanos();
    }

    /** A text of so many characters is about to be made. */
    void characters(long count) {
        characters += count;
        if (count < 0 || characters > CHARACTERS) {
            throw new TemplateException("the template makes too much text");
        }
    }

    /** A text that was made. */
    String made(String text) {
        characters(text.length());
        return text;
    }

    void enter() {
        if (++depth > DEEPEST_CALL) {
            throw new TemplateException("the template recurses too deeply");
        }
    }

    void leave() {
        depth--;
    }
}
