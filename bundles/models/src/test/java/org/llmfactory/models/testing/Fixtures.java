package org.llmfactory.models.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The committed model folders of this module. */
public final class Fixtures {
    private static final Path ROOT = Path.of("src/test/fixtures");

    private Fixtures() {}

    /** A file or folder among the fixtures, from this module's folder. */
    public static Path path(String relative) {
        return ROOT.resolve(relative);
    }

    /** The folders that hold a model with adapters. */
    public static List<Path> families() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("adapter-a/adapter_config.json")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
