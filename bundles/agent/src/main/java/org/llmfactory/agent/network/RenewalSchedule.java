package org.llmfactory.agent.network;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * When a certificate is renewed: at two thirds of its life, not all agents at once; after a failure soon, then ever later.
 *
 * @param chance from 0 to 1, anew each time
 */
record RenewalSchedule(DoubleSupplier chance) {
    private static final double DUE = 2.0 / 3;
    private static final double SPREAD = 0.05;
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int DOUBLINGS = 6;

    /**
     * How long from now; zero when it is time. The certificate of the chain that ends first counts.
     *
     * @param place of this agent among all, from 0 to 1; to be drawn once for each certificate
     */
    static Duration untilDue(List<X509Certificate> chain, Instant now, double place) {
        X509Certificate first = chain.stream()
                .min(Comparator.comparing(
                        certificate -> certificate.getNotAfter().toInstant()))
                .orElseThrow();
        Instant begin = first.getNotBefore().toInstant();
        Duration life = Duration.between(begin, first.getNotAfter().toInstant());
        double share = DUE + SPREAD * (2 * place - 1);
        Duration wait = Duration.between(now, begin.plusMillis(Math.round(life.toMillis() * share)));
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /**
     * How long after a failure.
     *
     * @param failures in a row, at least 1
     */
    Duration afterFailure(int failures) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        Duration bounded = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        return bounded.dividedBy(2).plusMillis((long) (bounded.toMillis() / 2.0 * chance.getAsDouble()));
    }
}
