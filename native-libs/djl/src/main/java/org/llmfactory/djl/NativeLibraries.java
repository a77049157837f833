package org.llmfactory.djl;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * One set of libtorch that is attached to this bundle as a fragment: either packed inside it, or only described and
 * taken from a folder of the machine.
 *
 * @param device {@code cpu} or {@code cuda}
 * @param version of libtorch, for example {@code 2.7.1}
 * @param flavor which of DJL's JNI libraries belongs to it: {@code cpu}, {@code cu128}
 * @param folder where the libraries lie inside the fragment, ending in a slash; empty when they are not in it
 * @param digest SHA-256 of the packed libraries in hexadecimal; empty when they are not in the fragment
 * @param files the libraries and their sizes in bytes; for a set that is not packed, the sizes are 0
 */
public record NativeLibraries(
        String device, String version, String flavor, String folder, String digest, Map<String, Long> files) {

    private static final String DESCRIPTION = "META-INF/llmfactory/pytorch.properties";

    public NativeLibraries {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /** The sets that are attached, in no order. */
    public static List<NativeLibraries> attached() throws IOException {
        List<NativeLibraries> found = new ArrayList<>();
        for (URL url : Collections.list(NativeLibraries.class.getClassLoader().getResources(DESCRIPTION))) {
            Properties properties = new Properties();
            try (InputStream in = url.openStream()) {
                properties.load(in);
            }
            found.add(of(properties));
        }
        return List.copyOf(found);
    }

    /** Whether the libraries are inside the fragment. */
    public boolean isPacked() {
        return !folder.isEmpty();
    }

    /**
     * Makes the packed libraries files: in a folder named by their digest, once for all processes of the user.
     *
     * @return the folder
     */
    public Path unpack() throws IOException {
        return new NativeCache(Djl.cacheFolder()).unpack(digest, folder, files);
    }

    private static NativeLibraries of(Properties properties) {
        Map<String, Long> files = new LinkedHashMap<>();
        for (String file : properties.getProperty("files").split(",", -1)) {
            int colon = file.indexOf(':');
            files.put(
                    colon < 0 ? file : file.substring(0, colon),
                    colon < 0 ? 0L : Long.parseLong(file.substring(colon + 1)));
        }
        return new NativeLibraries(
                properties.getProperty("device"),
                properties.getProperty("version"),
                properties.getProperty("flavor"),
                properties.getProperty("folder", ""),
                properties.getProperty("digest", ""),
                files);
    }
}
