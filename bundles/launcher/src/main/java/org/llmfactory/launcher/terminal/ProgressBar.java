package org.llmfactory.launcher.terminal;

import java.io.PrintStream;
import java.util.Locale;

/** How far something has come. Not safe for use by several threads. */
public final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final int STEP_PERCENT = 10;
    private static final int STEP_MEBIBYTES = 50;

    private final PrintStream out;
    private final boolean interactive;
    private final String what;
    private long shown = -1;

    ProgressBar(PrintStream out, boolean interactive, String what) {
        this.out = out;
        this.interactive = interactive;
        this.what = what;
    }

    /**
     * Shows the state.
     *
     * @param done bytes so far
     * @param total bytes in all; zero or less when that is not known
     */
    public void update(long done, long total) {
        long mark = total > 0 ? done * 100 / total : done >> 20;
        if (mark == shown || (!interactive && mark - shown < (total > 0 ? STEP_PERCENT : STEP_MEBIBYTES))) {
            return;
        }
        shown = mark;
        String line = total > 0 ? known(done, total, (int) mark) : String.format("%s  %d MiB", what, mark);
        if (interactive) {
            out.print("\r" + line + "\033[K");
            out.flush();
        } else {
            out.println(line);
        }
    }

    private String known(long done, long total, int percent) {
        double mebibytes = 1 << 20;
        if (!interactive) {
            return String.format(Locale.ROOT, "%s  %d%% of %.1f MiB", what, percent, total / mebibytes);
        }
        int filled = Math.min(WIDTH, percent * WIDTH / 100);
        String bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
        return String.format(
                Locale.ROOT, "%s [%s] %3d%% %.1f of %.1f MiB", what, bar, percent, done / mebibytes, total / mebibytes);
    }

    @Override
    public void close() {
        if (interactive && shown >= 0) {
            out.println();
        }
    }
}
