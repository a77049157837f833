package org.llmfactory.auth.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The certified OpenID provider of {@code src/test/node}, as a process of its own. Needs Node and npm. */
final class NodeProvider implements AutoCloseable {
    private static final Path SOURCE = Path.of("src", "test", "node");
    private static final Path INSTALLED = Path.of("target", "oidc-provider");
    private static final String LISTENING = "listening ";

    private final Process process;
    private final String issuer;

    /** Starts it. */
    NodeProvider(String people, URI redirect, String secret) throws IOException {
        install();
        process = new ProcessBuilder("node", "provider.mjs", people, redirect.toString(), secret)
                .directory(INSTALLED.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the OpenID provider does not start; run 'node provider.mjs' in " + INSTALLED);
        }
        issuer = "http://127.0.0.1:" + line.substring(LISTENING.length());
    }

    private static void install() throws IOException {
        Files.createDirectories(INSTALLED);
        for (String file : List.of("package.json", "package-lock.json", "provider.mjs")) {
            Files.copy(SOURCE.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.exists(INSTALLED.resolve("node_modules/oidc-provider"))) {
            return;
        }
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(INSTALLED.toFile())
                .redirectErrorStream(true)
                .redirectOutput(INSTALLED.resolve("npm.log").toFile())
                .start();
        try {
            if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroyForcibly();
                throw new IOException("npm cannot install the OpenID provider; see " + INSTALLED.resolve("npm.log"));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException(stop);
        }
    }

    String issuer() {
        return issuer;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroy();
    }
}
