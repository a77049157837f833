package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.llmfactory.launcher.agent.Tracked;
import org.llmfactory.launcher.terminal.Terminal;

/** Tells how many of how many are done, now and then: whenever another tenth is. */
final class Progress implements Tracked.Listener {
    private static final int TOLD_OF = 10;

    private final Terminal terminal;
    private final String what;
    private final String total;
    private final String[] done;
    private int told;

    /**
     * Tells on a terminal.
     *
     * @param what is counted, for example {@code trial}
     * @param total JSON pointer to how many there are
     * @param done JSON pointers to how many are done, to be added up
     */
    Progress(Terminal terminal, String what, String total, String... done) {
        this.terminal = terminal;
        this.what = what;
        this.total = total;
        this.done = done;
    }

    @Override
    public void hear(JsonNode now) {
        int all = now.at(total).asInt();
        int count = 0;
        for (String pointer : done) {
            count += now.at(pointer).asInt();
        }
        int part = all == 0 ? 0 : TOLD_OF * count / all;
        if (part > told) {
            told = part;
            terminal.say(String.format(Locale.ROOT, "  %s %d of %d", what, count, all));
        }
    }
}
