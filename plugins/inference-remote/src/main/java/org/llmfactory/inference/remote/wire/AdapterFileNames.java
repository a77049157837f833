package org.llmfactory.inference.remote.wire;

import java.util.List;

/** How a controller's adapters are called in its file share: {@code <digest>/<file>}. */
public final class AdapterFileNames {
    /** The file share. */
    public static final String SHARE = "adapters";

    public static final String CONFIGURATION = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";

    /** The files of an adapter. */
    public static final List<String> FILES = List.of(CONFIGURATION, WEIGHTS);

    private AdapterFileNames() {}

    /** The name of one file of one adapter. */
    public static String of(String digest, String file) {
        return digest + "/" + file;
    }
}
