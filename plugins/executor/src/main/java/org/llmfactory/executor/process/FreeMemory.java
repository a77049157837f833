package org.llmfactory.executor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of this machine that a new process could have. */
final class FreeMemory {
    private static final Pattern AVAILABLE = Pattern.compile("^MemAvailable:\\s+(\\d{1,15}) kB$", Pattern.MULTILINE);

    private FreeMemory() {}

    /** In bytes; empty where the system does not say. */
    static OptionalLong bytes() {
        try {
            Matcher line = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
            return line.find() ? OptionalLong.of(Long.parseLong(line.group(1)) * 1_024) : OptionalLong.empty();
        } catch (IOException noSuchSystem) {
            return OptionalLong.empty();
        }
    }
}
