package org.llmfactory.database.internal;

import java.io.Writer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what the embedded engine would write to a file in the working directory. The engine finds it by its name. */
public final class DerbyLog extends Writer {
    /** Where the engine writes. */
    public static final Writer WRITER = new DerbyLog();

    private static final Logger LOG = LoggerFactory.getLogger(DerbyLog.class);

    private final StringBuilder line = new StringBuilder();

    private DerbyLog() {}

    @Override
    public void write(char[] characters, int offset, int length) {
        synchronized (lock) {
            for (int i = offset; i < offset + length; i++) {
                if (characters[i] == '\n') {
                    flush();
                } else {
                    line.append(characters[i]);
                }
            }
        }
    }

    @Override
    public void flush() {
        synchronized (lock) {
            String text = line.toString().strip();
            line.setLength(0);
            if (!text.isEmpty()) {
                LOG.debug("{}", text);
            }
        }
    }

    @Override
    public void close() {
        flush();
    }
}
