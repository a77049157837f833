package org.llmfactory.api.governance.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Governor;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Usage;

/** Admits everything unless told otherwise, stops answers at a word, and remembers what was settled. */
public final class RecordingGovernor implements Governor {
    /** Work that was settled. */
    public record Settled(Caller caller, Work work, Usage usage, Outcome outcome, List<String> output) {}

    private final List<Settled> settled = new ArrayList<>();
    private volatile @Nullable FactoryException refusal;
    private volatile @Nullable String forbidden;
    private int open;

    /** From now on everything is refused so. */
    public void refuse(FactoryException failure) {
        this.refusal = failure;
    }

    /** From now on an answer ends before this word, and a prompt with it is refused. */
    public void forbid(String word) {
        this.forbidden = word;
    }

    public synchronized List<Settled> settled() {
        return List.copyOf(settled);
    }

    /** Admissions that have not been closed. */
    public synchronized int open() {
        return open;
    }

    @Override
    public synchronized Admission admit(Caller caller, Work work) {
        if (refusal != null) {
            throw refusal;
        }
        String word = forbidden;
        if (word != null && work.input().stream().anyMatch(text -> text.contains(word))) {
            throw new FactoryException(ErrorCode.CONTENT_BLOCKED, "The content policy forbids this.");
        }
        open++;
        return new Recording(caller, work);
    }

    private final class Recording implements Admission {
        private final Caller caller;
        private final Work work;
        private boolean done;
        private boolean closed;

        private Recording(Caller caller, Work work) {
            this.caller = caller;
            this.work = work;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("x-ratelimit-limit-requests", "60");
        }

        @Override
        public OutputScreen screen() {
            return Optional.ofNullable(forbidden)
                    .<OutputScreen>map(WordScreen::new)
                    .orElse(OutputScreen.OPEN);
        }

        @Override
        public void settle(Usage usage, Outcome outcome, List<String> output) {
            synchronized (RecordingGovernor.this) {
                if (!done) {
                    done = true;
                    settled.add(new Settled(caller, work, usage, outcome, List.copyOf(output)));
                }
            }
        }

        @Override
        public Map<String, Double> timings() {
            return Map.of("policy", 0.0, "limit", 0.0, "audit", 0.0);
        }

        @Override
        public void close() {
            settle(Usage.NONE, Outcome.FAILED, List.of());
            synchronized (RecordingGovernor.this) {
                if (!closed) {
                    closed = true;
                    open--;
                }
            }
        }
    }

    /** Holds back whatever could become the word. */
    private static final class WordScreen implements OutputScreen {
        private final String word;
        private String held = "";
        private boolean blocked;

        private WordScreen(String word) {
            this.word = word;
        }

        @Override
        public String accept(String text) {
            if (blocked) {
                return "";
            }
            held += text;
            int at = held.indexOf(word);
            if (at >= 0) {
                blocked = true;
                return held.substring(0, at);
            }
            int keep = Math.min(held.length(), word.length() - 1);
            while (!word.startsWith(held.substring(held.length() - keep))) {
                keep--;
            }
            String safe = held.substring(0, held.length() - keep);
            held = held.substring(held.length() - keep);
            return safe;
        }

        @Override
        public String finish() {
            return blocked ? "" : held;
        }

        @Override
        public boolean isBlocked() {
            return blocked;
        }
    }
}
