package org.llmfactory.launcher.load;

import java.net.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the header {@code Server-Timing}, in which a server says how long the parts of an answer took. */
final class ServerTiming {
    private static final String HEADER = "Server-Timing";
    private static final Pattern METRIC = Pattern.compile("([^\\s;,]+)[^,]*?;\\s*dur=\"?([0-9.]+(?:[eE]-?[0-9]+)?)\"?");

    private ServerTiming() {}

    /** Milliseconds by the names of the parts; empty when the server said nothing. */
    static Map<String, Double> of(HttpHeaders headers) {
        return parse(headers.allValues(HEADER));
    }

    static Map<String, Double> parse(List<String> values) {
        Map<String, Double> timings = new LinkedHashMap<>();
        for (String value : values) {
            Matcher metric = METRIC.matcher(value);
            while (metric.find()) {
                timings.put(metric.group(1), Double.parseDouble(metric.group(2)));
            }
        }
        return timings;
    }
}
