package org.llmfactory.itest.network;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.llmfactory.launcher.agent.Installation;

/** Libraries that stand between an agent and its system, for what no setting can bring about. */
final class NativeLibrary {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private NativeLibrary() {}

    /** Compiles {@code src/test/native/<name>.c} into a folder. */
    static Path compile(String name, Path folder) throws IOException, InterruptedException {
        Path library = folder.resolve(name + ".so");
        Path source = Installation.located().root().resolve("itest/src/test/native/" + name + ".c");
        List<String> command = List.of("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
        Shell.run(DEADLINE, command).orFail(command);
        return library;
    }
}
