package org.llmfactory.models.adapter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.tensor.TensorSource;
import org.llmfactory.models.tensor.TensorView;

/** The A and B of each module in an adapter's weights; no tensor may be left over. */
final class AdapterTensors {
    static final String FILE = "adapter_model.safetensors";

    private static final Pattern KEY =
            Pattern.compile("base_model\\.model\\.(.+)\\.lora_([AB])(?:\\.[A-Za-z0-9_-]+)?\\.weight");
    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,9})\\..+");
    private static final int MOST_NAMED = 3;

    private final Map<String, TensorView> downs = new HashMap<>();
    private final Map<String, TensorView> ups = new HashMap<>();

    AdapterTensors(TensorSource source, DecoderConfig base, List<LinearModule> modules) {
        Map<String, LinearModule> byName = new HashMap<>();
        modules.forEach(module -> byName.put(module.name(), module));
        List<String> unused = new ArrayList<>();
        for (String key : source.names()) {
            Matcher matcher = KEY.matcher(key);
            if (!matcher.matches() || !byName.containsKey(matcher.group(1))) {
                refuseOtherBase(key, base);
                unused.add(key);
                continue;
            }
            Map<String, TensorView> half = matcher.group(2).equals("A") ? downs : ups;
            if (half.put(matcher.group(1), source.find(key).orElseThrow()) != null) {
                throw Faults.invalid(FILE, Faults.quote(matcher.group(1)) + " is there under two names");
            }
        }
        refuseUnused(unused);
    }

    /** The module's A, {@code [rank, in]}. */
    Optional<TensorView> down(LinearModule module) {
        return Optional.ofNullable(downs.get(module.name()));
    }

    /** The module's B, {@code [out, rank]}. */
    Optional<TensorView> up(LinearModule module) {
        return Optional.ofNullable(ups.get(module.name()));
    }

    private static void refuseOtherBase(String key, DecoderConfig base) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return;
        }
        Matcher layer = LAYER.matcher(matcher.group(1));
        if (layer.matches() && Integer.parseInt(layer.group(1)) >= base.layers()) {
            throw new FactoryException(
                    ErrorCode.ADAPTER_MISMATCH,
                    FILE + ": " + Faults.quote(matcher.group(1)) + " is changed, but the base model has only "
                            + base.layers() + " layers");
        }
    }

    private static void refuseUnused(List<String> unused) {
        if (unused.isEmpty()) {
            return;
        }
        String named = String.join(
                ", ",
                unused.stream().sorted().limit(MOST_NAMED).map(Faults::quote).toList());
        String more = unused.size() > MOST_NAMED ? " and " + (unused.size() - MOST_NAMED) + " more" : "";
        String reason = unused.stream().anyMatch(key -> key.contains("lora_magnitude_vector"))
                ? "; DoRA adapters are not served yet"
                : "; served are the linear layers inside the blocks";
        throw Faults.invalid(FILE, "it holds what is not used: " + named + more + reason);
    }
}
