package org.llmfactory.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void programOfTheReadmeRuns() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String source = readme.substring(readme.indexOf("```python\n") + 10);
        source = source.substring(0, source.indexOf("```"));
        float[] identity = new float[16 * 8];
        for (int i = 0; i < 8; i++) {
            identity[8 * i + i] = 1;
        }
        try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults());
                Program program = torch.load("Rank", source);
                Arena model = torch.newArena();
                TensorList weights = program.listOf(List.of(model.of(identity, 16, 8)))) {
            try (Arena step = torch.newArena()) {
                Tensor input = step.of(new float[] {0, 5, 1, 9, -3, 2, 7, 4}, 8);
                Tensor scores = program.callForTensor("scores", step, input, weights, 0.5);
                List<Tensor> best = program.call("best", step, scores, 3);

                assertThat(scores.shape()).containsExactly(16);
                assertThat(best.get(0).toFloats()).containsExactly(4.5f, 3.5f, 2.5f);
                assertThat(best.get(1).toLongs()).containsExactly(3, 6, 1);
            }
        }
    }
}
