package org.llmfactory.itest.network;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Jars that are not what was signed. */
final class AlteredJar {
    private AlteredJar() {}

    /** Changes the last byte of each class of a jar, in its place. */
    static Path of(Path jar) throws IOException {
        try (FileSystem content = FileSystems.newFileSystem(jar);
                Stream<Path> files = Files.walk(content.getPath("/"))) {
            for (Path file :
                    files.filter(found -> found.toString().endsWith(".class")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
            }
        }
        return jar;
    }
}
