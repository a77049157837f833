package org.llmfactory.executor.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.llmfactory.executor.process.Exit;

/** An exit as the opener of a stream reads it. */
final class ExitText {
    private ExitText() {}

    static String of(Exit exit) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("code", exit.code())
                .put("reason", exit.reason())
                .toString();
    }
}
