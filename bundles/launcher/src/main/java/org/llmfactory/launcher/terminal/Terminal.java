package org.llmfactory.launcher.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;

/**
 * Where commands write. With {@code --json} the answer is one line of JSON on standard output and everything said on the
 * way goes to standard error.
 */
public final class Terminal {
    /** JSON as the command line reads and writes it: snake_case names. */
    public static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final boolean interactive;

    public Terminal(PrintStream out, PrintStream err, boolean json, boolean interactive) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.interactive = interactive;
    }

    /** Something on the way to the answer, or the answer for people. */
    public void say(String line) {
        (json ? err : out).println(line);
    }

    /** A part of a line, for people who watch; nothing for machines. */
    public void stream(String text) {
        if (!json) {
            out.print(text);
            out.flush();
        }
    }

    /** The answer for machines; people have read it already. */
    public void answer(Object value) {
        if (json) {
            out.println(write(value));
        }
    }

    public void error(String message) {
        err.println("error: " + message);
    }

    public boolean isJson() {
        return json;
    }

    /** A bar that moves where somebody watches, a line now and then elsewhere. */
    public ProgressBar progress(String what) {
        return new ProgressBar(json ? err : out, interactive && !json, what);
    }

    /** One line of JSON. */
    public static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is no JSON: " + value.getClass(), e);
        }
    }
}
