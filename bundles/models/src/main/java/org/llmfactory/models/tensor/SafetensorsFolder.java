package org.llmfactory.models.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.llmfactory.models.internal.BoundedJson;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.internal.JsonFields;

/** The weights of a Hugging Face folder: {@code model.safetensors}, or the shards that its index names. */
public final class SafetensorsFolder implements TensorSource {
    /** The name of weights in one file. */
    public static final String SINGLE = "model.safetensors";

    /** The name of the index of weights in several files. */
    public static final String INDEX = "model.safetensors.index.json";

    private static final long LARGEST_INDEX = 16 << 20;
    private static final int MOST_SHARDS = 1000;
    private static final Pattern SHARD_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    private final Map<String, SafetensorsFile> byTensor;
    private final List<Path> files;
    private final List<SafetensorsFile> shards;

    private SafetensorsFolder(Map<String, SafetensorsFile> byTensor, List<Path> files, List<SafetensorsFile> shards) {
        this.byTensor = Collections.unmodifiableMap(byTensor);
        this.files = List.copyOf(files);
        this.shards = List.copyOf(shards);
    }

    /** Whether the folder holds weights of this kind. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
    }

    /**
     * Opens every file and checks that each tensor of the index is where the index says.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the file's name and the fault
     */
    public static SafetensorsFolder open(Path folder) {
        List<SafetensorsFile> shards = new ArrayList<>();
        try {
            if (Files.exists(folder.resolve(SINGLE))) {
                SafetensorsFile file = SafetensorsFile.open(folder.resolve(SINGLE));
                shards.add(file);
                Map<String, SafetensorsFile> byTensor = new HashMap<>();
                file.names().forEach(name -> byTensor.put(name, file));
                return new SafetensorsFolder(byTensor, List.of(folder.resolve(SINGLE)), shards);
            }
            return openShards(folder, shards);
        } catch (RuntimeException | Error e) {
            shards.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private static SafetensorsFolder openShards(Path folder, List<SafetensorsFile> shards) {
        JsonFields index = BoundedJson.read(folder.resolve(INDEX), LARGEST_INDEX);
        JsonFields weightMap =
                index.object("weight_map").orElseThrow(() -> Faults.invalid(INDEX, "'weight_map' is missing"));
        Map<String, SafetensorsFile> byFile = new TreeMap<>();
        Map<String, SafetensorsFile> byTensor = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap.entries()) {
            String name = shardName(entry.getValue());
            SafetensorsFile shard = byFile.get(name);
            if (shard == null) {
                if (byFile.size() == MOST_SHARDS) {
                    throw Faults.invalid(INDEX, "more than " + MOST_SHARDS + " shards");
                }
                shard = SafetensorsFile.open(folder.resolve(name));
                shards.add(shard);
                byFile.put(name, shard);
            }
            if (!shard.names().contains(entry.getKey())) {
                throw Faults.invalid(INDEX, Faults.quote(entry.getKey()) + " is not in " + name);
            }
            byTensor.put(entry.getKey(), shard);
        }
        List<Path> files = new ArrayList<>();
        files.add(folder.resolve(INDEX));
        byFile.keySet().forEach(name -> files.add(folder.resolve(name)));
        return new SafetensorsFolder(byTensor, files, shards);
    }

    private static String shardName(JsonNode value) {
        if (!value.isTextual() || !SHARD_NAME.matcher(value.textValue()).matches()) {
            throw Faults.invalid(
                    INDEX, "the shard " + Faults.quote(value.asText()) + " is not a plain .safetensors file name");
        }
        return value.textValue();
    }

    /** The files the weights are in, the index included. */
    public List<Path> files() {
        return files;
    }

    @Override
    public Set<String> names() {
        return byTensor.keySet();
    }

    @Override
    public Optional<TensorView> find(String name) {
        return Optional.ofNullable(byTensor.get(name)).flatMap(file -> file.find(name));
    }

    @Override
    public void close() {
        shards.forEach(SafetensorsFile::close);
    }
}
