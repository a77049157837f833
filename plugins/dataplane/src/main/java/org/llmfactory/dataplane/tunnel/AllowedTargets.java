package org.llmfactory.dataplane.tunnel;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which targets this agent dials for others: none but those that its operator has named. */
final class AllowedTargets {
    private static final String ANY = "*";

    private final List<Rule> rules;

    /**
     * Targets that fit one of these patterns.
     *
     * @throws IllegalArgumentException for a malformed one
     */
    AllowedTargets(String... patterns) {
        this.rules = Stream.of(patterns)
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .map(Rule::parse)
                .toList();
    }

    boolean include(Target target) {
        return rules.stream().anyMatch(rule -> rule.fits(target));
    }

    /** Hosts are compared as they are written: what a name stands for is not looked up. */
    private record Rule(String host, int lowest, int highest) {
        static Rule parse(String pattern) {
            int colon = pattern.lastIndexOf(':');
            if (colon <= 0 || colon == pattern.length() - 1) {
                throw malformed(pattern);
            }
            String host = pattern.substring(0, colon).toLowerCase(Locale.ROOT);
            String ports = pattern.substring(colon + 1);
            String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            if (ports.equals(ANY)) {
                return new Rule(bare, 1, 65535);
            }
            try {
                int dash = ports.indexOf('-');
                return dash < 0
                        ? new Rule(bare, Integer.parseInt(ports), Integer.parseInt(ports))
                        : new Rule(
                                bare,
                                Integer.parseInt(ports.substring(0, dash)),
                                Integer.parseInt(ports.substring(dash + 1)));
            } catch (NumberFormatException e) {
                throw malformed(pattern);
            }
        }

        boolean fits(Target target) {
            String asked = target.host().toLowerCase(Locale.ROOT);
            boolean sameHost = host.equals(ANY)
                    || host.equals(asked)
                    || (host.startsWith("*.") && asked.endsWith(host.substring(1)));
            return sameHost && target.port() >= lowest && target.port() <= highest;
        }

        private static IllegalArgumentException malformed(String pattern) {
            return new IllegalArgumentException(
                    "'" + pattern
                            + "' is no pattern of tunnel targets; one looks like 127.0.0.1:5432, *.example.org:443 or *:8000-8100");
        }
    }
}
