package org.llmfactory.trainer.run;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.models.adapter.LoraWriter;
import org.llmfactory.trainer.compute.TrainableAdapter;

/**
 * A run's place in the object store:
 *
 * <pre>
 * &lt;place&gt;/step-12/adapter_config.json, adapter_model.safetensors   a checkpoint
 * &lt;place&gt;/state/12                                                 parameters and AdamW's moments, little-endian floats
 * &lt;place&gt;/state/current                                            which of them holds, and the progress
 * </pre>
 *
 * {@code current} is written last and at once, so a run that is killed finds either its former state or the new one.
 */
final class StateStore {
    private static final String CURRENT = "/state/current";

    private final ObjectStore store;
    private final String place;

    StateStore(ObjectStore store, String place) {
        this.store = store;
        this.place = place;
    }

    /** A state as it is stored. */
    record Saved(Progress progress, TrainableAdapter.State state) {}

    /** The state to go on from; empty when the run has none yet. */
    Optional<Saved> load() throws IOException {
        Optional<InputStream> current = store.open(place + CURRENT, 0);
        if (current.isEmpty()) {
            return Optional.empty();
        }
        Progress progress;
        try (InputStream in = current.get()) {
            progress = ProgressDocument.read(in.readAllBytes());
        }
        String key = stateKey(progress.step());
        try (InputStream in =
                store.open(key, 0).orElseThrow(() -> new IOException(key + " is missing in the object store"))) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            FloatBuffer floats = bytes.asFloatBuffer();
            int size = floats.remaining() / 3;
            return Optional.of(new Saved(
                    progress, new TrainableAdapter.State(next(floats, size), next(floats, size), next(floats, size))));
        }
    }

    /** Stores the state and removes former ones. */
    void save(Progress progress, TrainableAdapter.State state) throws IOException {
        int size = state.parameters().length;
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(3 * Float.BYTES, size)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(state.parameters()).put(state.mean()).put(state.square());
        put(stateKey(progress.step()), bytes.array());
        put(place + CURRENT, ProgressDocument.write(progress));
        for (StoredObject former : store.list(place + "/state")) {
            if (!former.key().equals(place + CURRENT) && !former.key().equals(stateKey(progress.step()))) {
                store.delete(former.key());
            }
        }
    }

    /**
     * Stores an adapter.
     *
     * @return the prefix of its files
     */
    String saveCheckpoint(int step, LoraWriter adapter) throws IOException {
        String prefix = place + "/step-" + step;
        put(prefix + "/" + LoraWriter.CONFIGURATION, adapter.configuration());
        put(prefix + "/" + LoraWriter.WEIGHTS, adapter.weights());
        return prefix;
    }

    private void put(String key, byte[] content) throws IOException {
        store.put(key, new ByteArrayInputStream(content));
    }

    private String stateKey(int step) {
        return place + "/state/" + step;
    }

    private static float[] next(FloatBuffer floats, int size) {
        float[] values = new float[size];
        floats.get(values);
        return values;
    }
}
