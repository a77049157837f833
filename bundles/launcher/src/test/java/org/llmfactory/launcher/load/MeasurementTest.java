package org.llmfactory.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.launcher.load.TokenStream.Answer;
import org.llmfactory.launcher.terminal.Terminal;

class MeasurementTest {
    private static final List<Answer> ANSWERS = IntStream.rangeClosed(1, 20)
            .mapToObj(i -> new Answer("", 64, i / 10.0, i))
            .toList();

    @Test
    void figuresAreThoseOfAllClientsTogether() {
        Measurement measurement = Measurement.of(ANSWERS, 10);

        assertThat(measurement).isEqualTo(new Measurement(128, 2, 10, 19, 1, null));
    }

    @Test
    void theRatioIsThatOfTokens() {
        Measurement base = Measurement.of(ANSWERS, 10);

        assertThat(Measurement.of(ANSWERS, 16).against(base).ratio()).isEqualTo(0.625);
    }

    @Test
    void theBaseHasNoRatioInJson() {
        assertThat(Terminal.write(Measurement.of(ANSWERS, 10)))
                .isEqualTo("{\"tokens_per_s\":128.0,\"requests_per_s\":2.0,\"latency_p50_s\":10.0,"
                        + "\"latency_p95_s\":19.0,\"ttft_p50_s\":1.0}");
    }

    @Test
    void aClosedLoopAnswersEveryRequest() throws Exception {
        List<Callable<Answer>> requests =
                ANSWERS.stream().map(answer -> (Callable<Answer>) () -> answer).toList();

        assertThat(new ClosedLoop(4).run(requests).answers()).isEqualTo(ANSWERS);
    }
}
