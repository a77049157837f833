package org.llmfactory.policies.governor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.policies.content.Inspection;

/** Work that was let in, until it is settled. */
final class GovernedAdmission implements Admission {
    private final Task task;
    private final Holdings holdings;
    private final Optional<Inspection> inspection;
    private final Settlements settlements;
    private final Stopwatch stopwatch;
    private final AtomicBoolean settled = new AtomicBoolean();

    GovernedAdmission(
            Task task,
            Holdings holdings,
            Optional<Inspection> inspection,
            Settlements settlements,
            Stopwatch stopwatch) {
        this.task = task;
        this.holdings = holdings;
        this.inspection = inspection;
        this.settlements = settlements;
        this.stopwatch = stopwatch;
    }

    @Override
    public Map<String, String> headers() {
        return holdings.permit().headers();
    }

    @Override
    public OutputScreen screen() {
        OutputScreen screen = inspection.map(Inspection::screen).orElse(OutputScreen.OPEN);
        return screen == OutputScreen.OPEN ? screen : new TimedScreen(screen, stopwatch);
    }

    @Override
    public void settle(Usage usage, Outcome outcome, List<String> output) {
        if (!settled.compareAndSet(false, true)) {
            return;
        }
        boolean within = usage.tokens() <= task.reserved();
        try {
            settlements.enter(
                    task, inspection, usage, within ? outcome : Outcome.FAILED, List.copyOf(output), stopwatch);
        } finally {
            // When the ledger fails, what was used is not handed out again either: it may have been written all the
            // same.
            holdings.settle(task.reserved(), usage.tokens());
        }
        if (!within) {
            throw new IllegalStateException("the request " + task.work().id() + " used " + usage.tokens()
                    + " tokens, but was let in for " + task.reserved());
        }
    }

    @Override
    public Map<String, Double> timings() {
        return stopwatch.millis();
    }

    @Override
    public void close() {
        try {
            settle(Usage.NONE, Outcome.FAILED, List.of());
        } finally {
            holdings.place().leave();
        }
    }

    /** Looking at answers is the policy's time. */
    private record TimedScreen(OutputScreen screen, Stopwatch stopwatch) implements OutputScreen {
        @Override
        public String accept(String text) {
            return stopwatch.time(Check.POLICY, () -> screen.accept(text));
        }

        @Override
        public String finish() {
            return stopwatch.time(Check.POLICY, screen::finish);
        }

        @Override
        public boolean isBlocked() {
            return screen.isBlocked();
        }
    }
}
