package org.llmfactory.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must be there before libtorch for CUDA can be loaded from a folder of the machine. */
public final class CudaRequirements {
    private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:\\+cu(\\d+))?");
    private static final int OLDEST_DRIVER = 12000;

    private CudaRequirements() {}

    /**
     * Says what is missing.
     *
     * @param wanted the set of libraries that the folder should hold
     * @param folder for example {@code torch/lib} of the Python wheel, or {@code lib} of the libtorch archive
     * @return one sentence for each thing that is missing; empty when all is there
     */
    public static List<String> missing(NativeLibraries wanted, Path folder, Optional<CudaDriver> driver)
            throws IOException {
        List<String> missing = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            missing.add(folder + " is no folder");
        } else {
            for (String file : wanted.files().keySet()) {
                if (!Files.isRegularFile(folder.resolve(file))) {
                    missing.add(folder + " holds no " + file);
                }
            }
            checkVersion(wanted, folder, missing);
        }
        if (driver.isEmpty()) {
            missing.add("there is no NVIDIA driver (libcuda.so.1) on this machine");
        } else if (driver.get().devices() == 0) {
            missing.add("the NVIDIA driver finds no GPU");
        } else if (driver.get().version() < OLDEST_DRIVER) {
            missing.add("the NVIDIA driver is too old: it runs CUDA up to "
                    + driver.get().version() / 1000 + "." + driver.get().version() % 1000 / 10 + ", 12.0 is needed");
        }
        return List.copyOf(missing);
    }

    private static void checkVersion(NativeLibraries wanted, Path folder, List<String> missing) throws IOException {
        Optional<Matcher> found = versionOf(folder);
        if (found.isEmpty()) {
            missing.add("beside " + folder + " lies neither version.py nor build-version, so its version is unknown; "
                    + wanted.version() + " is needed");
            return;
        }
        String version = found.get().group(1);
        String cuda = found.get().group(2);
        if (!version.equals(wanted.version())) {
            missing.add(folder + " holds libtorch " + version + ", " + wanted.version() + " is needed");
        }
        if (cuda == null) {
            missing.add(folder + " holds libtorch for the CPU, one for CUDA 12 is needed");
        } else if (!cuda.startsWith("12")) {
            missing.add(folder + " holds libtorch for CUDA " + cuda + ", one for CUDA 12 is needed");
        }
    }

    /** The Python wheel says it in {@code torch/version.py}, the archive in {@code build-version}. */
    private static Optional<Matcher> versionOf(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().normalize().getParent();
        if (parent == null) {
            return Optional.empty();
        }
        for (String name : List.of("version.py", "build-version")) {
            Path file = parent.resolve(name);
            if (Files.isRegularFile(file)) {
                Matcher matcher = VERSION.matcher(Files.readString(file));
                if (matcher.find()) {
                    return Optional.of(matcher);
                }
            }
        }
        return Optional.empty();
    }
}
