package org.llmfactory.launcher.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.llmfactory.launcher.agent.AgentClient;

/**
 * How many messages of agents a controller has heard since its start, as its metrics say.
 *
 * @param all of every kind
 * @param reports whole reports
 */
record FleetMessages(double all, double reports) {
    private static final Pattern LINE =
            Pattern.compile("llmfactory_fleet_messages_total\\{kind=\"([a-z]+)\",?} ([0-9.Ee+]+)");

    static FleetMessages of(AgentClient controller) throws InterruptedException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(controller.download("/metrics"), StandardCharsets.UTF_8))) {
            return of(lines.lines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads Prometheus' text format. */
    static FleetMessages of(Stream<String> lines) {
        double all = 0;
        double reports = 0;
        for (Matcher line : lines.map(LINE::matcher).filter(Matcher::matches).toList()) {
            double count = Double.parseDouble(line.group(2));
            all += count;
            reports += line.group(1).equals("report") ? count : 0;
        }
        return new FleetMessages(all, reports);
    }
}
