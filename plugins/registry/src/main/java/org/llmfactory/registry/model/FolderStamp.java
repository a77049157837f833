package org.llmfactory.registry.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names, sizes and times of a folder's visible files: the same as long as nobody changes them.
 *
 * @param files a line for each file, sorted
 */
record FolderStamp(List<String> files) {
    FolderStamp {
        files = List.copyOf(files);
    }

    static FolderStamp of(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path file : entries.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (!name.startsWith(".")) {
                    BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
                    lines.add(name + ' ' + facts.size() + ' ' + facts.lastModifiedTime());
                }
            }
        }
        return new FolderStamp(lines);
    }
}
