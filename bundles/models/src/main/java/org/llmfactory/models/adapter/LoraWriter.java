package org.llmfactory.models.adapter;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedSet;
import java.util.TreeSet;
import org.llmfactory.models.tensor.SafetensorsWriter;

/** Writes a plain LoRA adapter of one rank in PEFT's two files. For one thread. */
public final class LoraWriter {
    /** Name of the file that {@link #configuration} makes. */
    public static final String CONFIGURATION = AdapterConfig.FILE;

    /** Name of the file that {@link #weights} makes. */
    public static final String WEIGHTS = AdapterTensors.FILE;

    private static final JsonMapper MAPPER = new JsonMapper();

    private final String baseModel;
    private final int rank;
    private final double alpha;
    private final double dropout;
    private final boolean rankStabilized;
    private final SortedSet<String> modules = new TreeSet<>();
    private final SafetensorsWriter tensors = new SafetensorsWriter().note("format", "pt");

    /**
     * Begins an adapter.
     *
     * @param baseModel the name of its base, for people
     * @param rank of every change
     * @param alpha the change is scaled by {@code alpha / rank}, or with {@code rankStabilized} by {@code alpha / sqrt(rank)}
     * @param dropout it was trained with; means nothing afterwards
     */
    public LoraWriter(String baseModel, int rank, double alpha, double dropout, boolean rankStabilized) {
        this.baseModel = baseModel;
        this.rank = rank;
        this.alpha = alpha;
        this.dropout = dropout;
        this.rankStabilized = rankStabilized;
    }

    /**
     * Adds the change of one projection.
     *
     * @param a {@code [rank, in]}, row by row
     * @param b {@code [out, rank]}, row by row
     */
    public LoraWriter add(LoraTarget target, float[] a, float[] b) {
        modules.add(target.projection().moduleName());
        String module = "base_model.model.model.layers." + target.layer() + "."
                + target.projection().path();
        tensors.add(module + ".lora_A.weight", a, rank, a.length / rank);
        tensors.add(module + ".lora_B.weight", b, b.length / rank, rank);
        return this;
    }

    /** The content of {@code adapter_config.json}. */
    public byte[] configuration() {
        ObjectNode root = MAPPER.createObjectNode()
                .put("peft_type", "LORA")
                .put("task_type", "CAUSAL_LM")
                .put("base_model_name_or_path", baseModel)
                .put("r", rank)
                .put("lora_alpha", alpha)
                .put("lora_dropout", dropout)
                .put("use_rslora", rankStabilized)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("inference_mode", true);
        modules.forEach(root.putArray("target_modules")::add);
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The content of {@code adapter_model.safetensors}. */
    public byte[] weights() {
        return tensors.toBytes();
    }
}
