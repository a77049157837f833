package org.llmfactory.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutePolicyTest {
    /** Candidates are written {@code resident/adapters load place}; the place is {@code local}, {@code near} or {@code far}. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the less busy of two,                           0/0 3 near | 0/0 2 near,                1",
        "of equally busy ones the local,                 0/0 2 near | 0/0 2 local,               1",
        "a remote one when the local is busier by two,   0/0 2 local | 0/0 0 near,               1",
        "the nearer of two remote ones,                  0/0 1 far  | 0/0 3 near,                1",
        "a far one when the near is swamped,             0/0 1 far  | 0/0 9 near,                0",
        "where the adapter is,                           0/1 0 near | 1/1 6 near,                1",
        "where more of the adapters are,                 1/3 0 near | 2/3 3 near | 3/3 4 near,   2",
        "elsewhere when all queue where the adapter is,  1/1 20 near | 0/1 2 near,               1",
        "where the adapter is before this process,       0/1 0 local | 1/1 3 near,               1",
        "the only one,                                   0/2 50 far,                             0"
    })
    void theBestOfSeveralIs(String what, String candidates, int best) {
        List<Candidate> given = Arrays.stream(candidates.split("\\|", -1))
                .map(text -> candidate(text.trim()))
                .toList();

        assertThat(IntStream.range(0, 5).map(turn -> RoutePolicy.best(given, turn)))
                .as(what)
                .containsOnly(best);
    }

    @Test
    void equallyGoodOnesTakeTurns() {
        List<Candidate> equal = List.of(
                candidate("0/0 1 near"), candidate("0/0 1 near"), candidate("0/0 9 near"), candidate("0/0 1 near"));

        assertThat(IntStream.range(-4, 8)
                        .map(turn -> RoutePolicy.best(equal, turn))
                        .distinct())
                .containsExactlyInAnyOrder(0, 1, 3);
    }

    @Test
    void theReasonNamesWhatCounted() {
        assertThat(candidate("2/2 3 near").reason()).isEqualTo("adapters resident 2/2, load 3, remote");
        assertThat(candidate("0/0 0 local").reason()).isEqualTo("load 0, local");
        assertThat(candidate("0/1 1 far").reason()).isEqualTo("adapters resident 0/1, load 1, remote, another region");
    }

    private static Candidate candidate(String text) {
        String[] parts = text.split("[/ ]+", 4);
        return new Candidate(
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[2]),
                !parts[3].trim().equals("local"),
                !parts[3].equals("far"));
    }
}
