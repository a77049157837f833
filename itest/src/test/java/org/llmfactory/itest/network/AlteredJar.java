package org.llmfactory.itest.network;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** Jars that are not what was signed. */
final class AlteredJar {
    private AlteredJar() {}

    /** Changes the last byte of an entry, in the jar's place. */
    static Path of(Path jar, String entry) throws IOException {
        try (FileSystem content = FileSystems.newFileSystem(jar)) {
            Path file = content.getPath(entry);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 1] ^= 1;
            Files.write(file, bytes);
        }
        return jar;
    }
}
