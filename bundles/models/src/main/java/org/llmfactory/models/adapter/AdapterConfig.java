package org.llmfactory.models.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmfactory.models.internal.BoundedJson;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.internal.JsonFields;

/** PEFT's {@code adapter_config.json} of a plain LoRA adapter; every other kind is refused with the reason. */
final class AdapterConfig {
    static final String FILE = "adapter_config.json";

    private static final int LARGEST_FILE = 1 << 20;
    private static final int LARGEST_RANK = 1 << 14;
    private static final int MOST_PATTERNS = 10_000;
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("use_dora", "DoRA adapters are not served yet"),
            Map.entry("use_qalora", "QALoRA adapters are not served"),
            Map.entry("modules_to_save", "it replaces whole modules of the base model, and the base is shared"),
            Map.entry("trainable_token_indices", "it changes the embedding, and the base is shared"),
            Map.entry("target_parameters", "adapters of single parameters are not served"),
            Map.entry("layer_replication", "it changes the number of layers, and the base is shared"),
            Map.entry("alora_invocation_tokens", "activated LoRA is not served"),
            Map.entry("arrow_config", "Arrow routing is not served"),
            Map.entry("lora_bias", "a bias of the adapter is not served"));
    private static final List<String> BASE_CHANGING_STARTS = List.of("pissa", "olora", "corda", "loftq");

    private final JsonFields fields;
    private final int rank;
    private final double alpha;
    private final boolean rankStabilised;
    private final List<PatternValue> ranks;
    private final List<PatternValue> alphas;
    private final ModuleSelection selection;

    private AdapterConfig(JsonFields fields) {
        this.fields = fields;
        refuseWhatIsNotServed();
        this.rank = fields.count("r", LARGEST_RANK).orElse(8);
        this.alpha = fields.has("lora_alpha")
                ? fields.number("lora_alpha", fields.node().get("lora_alpha"))
                : 8;
        this.rankStabilised = fields.flag("use_rslora", false);
        this.ranks = patterns("rank_pattern");
        this.alphas = patterns("alpha_pattern");
        this.selection = ModuleSelection.read(fields);
    }

    static AdapterConfig read(Path folder) {
        return new AdapterConfig(BoundedJson.read(folder.resolve(FILE), LARGEST_FILE));
    }

    ModuleSelection selection() {
        return selection;
    }

    /** The rank of a module's change. */
    int rank(String module) {
        for (PatternValue pattern : ranks) {
            if (pattern.regex().matchesStart(module)) {
                return fields.whole("rank_pattern", pattern.value(), 1, LARGEST_RANK);
            }
        }
        return rank;
    }

    /** What a module's change is multiplied by. */
    float scale(String module) {
        double moduleAlpha = alpha;
        for (PatternValue pattern : alphas) {
            if (pattern.regex().matchesStart(module)) {
                moduleAlpha = fields.number("alpha_pattern", pattern.value());
                break;
            }
        }
        return (float) (moduleAlpha / (rankStabilised ? Math.sqrt(rank(module)) : rank(module)));
    }

    private void refuseWhatIsNotServed() {
        String kind = fields.text("peft_type").orElseThrow(() -> fields.fault("peft_type", "is missing"));
        if (!kind.equals("LORA")) {
            throw fields.fault("peft_type", "is " + Faults.quote(kind) + "; only LORA is served");
        }
        String bias = fields.text("bias").orElse("none");
        if (!bias.equals("none")) {
            throw fields.fault("bias", "is " + Faults.quote(bias) + ": it changes the base model, which is shared");
        }
        REFUSED.forEach((field, reason) -> {
            if (fields.isActive(field)) {
                throw fields.fault(field, "is set: " + reason);
            }
        });
        JsonNode start = fields.node().path("init_lora_weights");
        if (start.isTextual() && BASE_CHANGING_STARTS.stream().anyMatch(start.textValue()::startsWith)) {
            throw fields.fault(
                    "init_lora_weights",
                    "is " + Faults.quote(start.textValue())
                            + ", which changes the base model too; convert the adapter to plain LoRA when saving it");
        }
    }

    private List<PatternValue> patterns(String field) {
        List<PatternValue> patterns = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                fields.object(field).map(JsonFields::entries).orElse(List.of())) {
            if (patterns.size() == MOST_PATTERNS) {
                throw fields.fault(field, "has more than " + MOST_PATTERNS + " patterns");
            }
            patterns.add(new PatternValue(BoundedRegex.suffix(FILE, entry.getKey()), entry.getValue()));
        }
        return List.copyOf(patterns);
    }

    private record PatternValue(BoundedRegex regex, JsonNode value) {}
}
