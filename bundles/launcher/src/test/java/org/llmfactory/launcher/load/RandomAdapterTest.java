package org.llmfactory.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.load.RandomAdapter.Shape;
import org.llmfactory.models.tensor.SafetensorsFile;
import org.llmfactory.models.tensor.TensorSource;
import org.llmfactory.models.tensor.TensorView;

class RandomAdapterTest {
    private static final Shape SMALL = new Shape(2, 8, 12, 4);

    @TempDir
    Path folder;

    @Test
    void allSevenProjectionsOfEveryLayerAreThereWithFiniteNumbers() throws Exception {
        RandomAdapter.write(folder, SMALL, 3, 1);

        try (TensorSource weights = SafetensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
            assertThat(weights.names()).hasSize(2 * 7 * 2);
            TensorView down = weights.find("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight")
                    .orElseThrow();
            assertThat(down.shape()).containsExactly(3, 12);
            for (float value : down.toFloats()) {
                assertThat(value).isFinite().isBetween(-0.011f, 0.011f);
            }
        }
    }

    @Test
    void theSeedDecides() throws Exception {
        RandomAdapter.write(folder.resolve("a"), SMALL, 3, 1);
        RandomAdapter.write(folder.resolve("b"), SMALL, 3, 1);
        RandomAdapter.write(folder.resolve("c"), SMALL, 3, 2);

        assertThat(weights("b")).isEqualTo(weights("a")).isNotEqualTo(weights("c"));
    }

    private byte[] weights(String name) throws Exception {
        return Files.readAllBytes(folder.resolve(name).resolve("adapter_model.safetensors"));
    }
}
