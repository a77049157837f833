package org.llmfactory.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.testing.Fixtures;

/**
 * Damages real files at random: whatever the damage, a reader gives values or one {@link FactoryException}. The seeds
 * are fixed, so a failure repeats.
 */
class HostileFilesFuzzTest {
    private static final int HEAD = 6000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "smollm2, model.safetensors, 150",
        "smollm2, config.json, 200",
        "smollm2, generation_config.json, 50",
        "smollm2-sharded, model.safetensors.index.json, 150",
        "phi3-longrope, config.json, 150"
    })
    void damagedFolderGivesAModelOrOneError(String family, String file, int rounds) throws IOException {
        copy(Fixtures.path(family));
        fuzz(folder.resolve(file), rounds, () -> readModel(folder));
    }

    @ParameterizedTest
    @CsvSource({"smollm2.gguf, 200", "qwen2.gguf, 80", "llama3.gguf, 80"})
    void damagedGgufGivesAModelOrOneError(String file, int rounds) throws IOException {
        Path copy = Files.copy(Fixtures.path("gguf/" + file), folder.resolve(file));
        fuzz(copy, rounds, () -> readModel(copy));
    }

    @ParameterizedTest
    @CsvSource({
        "llama2, adapter_config.json, 200",
        "llama2, adapter_model.safetensors, 150",
        "phi3, adapter_config.json, 200"
    })
    void damagedAdapterGivesAnAdapterOrOneError(String family, String file, int rounds) throws IOException {
        copy(Fixtures.path(family).resolve("adapter-b"));
        try (PretrainedDecoder decoder = PretrainedDecoder.open(Fixtures.path(family))) {
            DecoderConfig base = decoder.config();
            fuzz(
                    folder.resolve(file),
                    rounds,
                    () -> LoraAdapter.open(folder, base).close());
        }
    }

    private void fuzz(Path file, int rounds, Runnable read) throws IOException {
        byte[] original = Files.readAllBytes(file);
        Random random = new Random(20_240_601);
        int refused = 0;
        for (int round = 0; round < rounds; round++) {
            Files.delete(file);
            Files.write(file, damage(original.clone(), random));
            try {
                read.run();
            } catch (FactoryException e) {
                assertThat(e).message().isNotBlank().hasSizeLessThan(1000).doesNotContain(folder.toString());
                refused++;
            }
        }
        assertThat(refused).as("some damage is noticed").isPositive();
    }

    private static byte[] damage(byte[] bytes, Random random) {
        int head = Math.min(HEAD, bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> bytes[random.nextInt(head)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[random.nextInt(head)] = (byte) random.nextInt(256);
            case 2 -> {
                for (int i = 0; i < 8; i++) {
                    bytes[random.nextInt(head)] = (byte) random.nextInt(256);
                }
            }
            case 3 -> {
                int from = random.nextInt(head);
                for (int i = from; i < Math.min(head, from + 8); i++) {
                    bytes[i] = (byte) 0xFF;
                }
            }
            default -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
        }
        return bytes;
    }

    private static void readModel(Path model) {
        try (PretrainedDecoder decoder = PretrainedDecoder.open(model)) {
            for (String name : decoder.weights().names()) {
                decoder.weights().find(name).orElseThrow().toFloats();
            }
        }
    }

    private void copy(Path source) throws IOException {
        try (Stream<Path> files = Files.list(source)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    Files.copy(file, folder.resolve(file.getFileName()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
