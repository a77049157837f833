package org.llmfactory.launcher.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.llmfactory.launcher.terminal.Terminal;

/** Writes LoRA adapters of random numbers, bfloat16, on all seven projections, for a server to be loaded with. */
final class RandomAdapter {
    private static final float SCALE = 0.01f;
    private static final int TABLE = 1 << 16;

    /**
     * The sizes of a base model.
     *
     * @param layers of the decoder
     * @param hidden width
     * @param intermediate width of the feed-forward part
     * @param keyValue width of keys and values
     */
    record Shape(int layers, int hidden, int intermediate, int keyValue) {
        /** SmolLM2-135M's. */
        static final Shape SMOLLM2_135M = new Shape(30, 576, 1536, 192);
    }

    private record Matrix(String name, int rows, int columns) {
        int bytes() {
            return rows * columns * Short.BYTES;
        }
    }

    private RandomAdapter() {}

    /** Writes an adapter into a folder; the same seed gives the same adapter. */
    static void write(Path folder, Shape shape, int rank, long seed) throws IOException {
        Files.createDirectories(folder);
        Map<String, Object> configuration = Map.of(
                "peft_type",
                "LORA",
                "task_type",
                "CAUSAL_LM",
                "r",
                rank,
                "lora_alpha",
                2 * rank,
                "lora_dropout",
                0.0,
                "bias",
                "none",
                "fan_in_fan_out",
                false,
                "target_modules",
                List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));
        Files.writeString(folder.resolve("adapter_config.json"), Terminal.write(configuration));
        writeWeights(folder.resolve("adapter_model.safetensors"), matrices(shape, rank), seed);
    }

    private static List<Matrix> matrices(Shape shape, int rank) {
        List<Matrix> matrices = new ArrayList<>();
        int hidden = shape.hidden();
        for (int layer = 0; layer < shape.layers(); layer++) {
            String prefix = "base_model.model.model.layers." + layer + ".";
            pair(matrices, prefix + "self_attn.q_proj", hidden, hidden, rank);
            pair(matrices, prefix + "self_attn.k_proj", hidden, shape.keyValue(), rank);
            pair(matrices, prefix + "self_attn.v_proj", hidden, shape.keyValue(), rank);
            pair(matrices, prefix + "self_attn.o_proj", hidden, hidden, rank);
            pair(matrices, prefix + "mlp.gate_proj", hidden, shape.intermediate(), rank);
            pair(matrices, prefix + "mlp.up_proj", hidden, shape.intermediate(), rank);
            pair(matrices, prefix + "mlp.down_proj", shape.intermediate(), hidden, rank);
        }
        return matrices;
    }

    private static void pair(List<Matrix> matrices, String module, int in, int out, int rank) {
        matrices.add(new Matrix(module + ".lora_A.weight", rank, in));
        matrices.add(new Matrix(module + ".lora_B.weight", out, rank));
    }

    private static void writeWeights(Path file, List<Matrix> matrices, long seed) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        int offset = 0;
        for (Matrix matrix : matrices) {
            header.put(
                    matrix.name(),
                    Map.of(
                            "dtype", "BF16",
                            "shape", List.of(matrix.rows(), matrix.columns()),
                            "data_offsets", List.of(offset, offset + matrix.bytes())));
            offset += matrix.bytes();
        }
        byte[] text = Terminal.write(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer =
                ByteBuffer.allocate(Long.BYTES + text.length + offset).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(text.length).put(text);
        SplittableRandom random = new SplittableRandom(seed);
        short[] table = table(random);
        while (buffer.hasRemaining()) {
            buffer.putShort(table[random.nextInt(TABLE)]);
        }
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    /** Finite bfloat16 numbers: the upper half of a float's bits. */
    private static short[] table(SplittableRandom random) {
        short[] table = new short[TABLE];
        for (int i = 0; i < TABLE; i++) {
            float value = (float) random.nextDouble(-SCALE, SCALE);
            table[i] = (short) (Float.floatToIntBits(value) >>> 16);
        }
        return table;
    }
}
