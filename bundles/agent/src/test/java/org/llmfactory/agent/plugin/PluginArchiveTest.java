package org.llmfactory.agent.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

class PluginArchiveTest {
    @TempDir
    Path folder;

    @Test
    void aBundleIsAPlugin() throws IOException {
        Path jar = jar(Map.of(
                "Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "org.acme.hello;a=b", "Bundle-Version", "1.2.3"));

        PluginArchive archive = PluginArchive.read(jar);

        assertThat(archive.symbolicName()).isEqualTo("org.acme.hello");
        assertThat(archive.version()).isEqualTo("1.2.3");
        assertThat(archive.digest()).matches("[0-9a-f]{64}");
    }

    @Test
    void aPlainJarIsRefused() throws IOException {
        assertRefused(jar(Map.of()), "no OSGi bundle");
    }

    @Test
    void aFragmentIsRefused() throws IOException {
        assertRefused(
                jar(Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "a", "Fragment-Host", "b")),
                "fragment");
    }

    @Test
    void aSingletonIsRefused() throws IOException {
        assertRefused(
                jar(Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "a; singleton:=true")), "singleton");
    }

    @Test
    void aNameThatIsAPathIsRefused() throws IOException {
        assertRefused(
                jar(Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "../../evil")),
                "Bundle-SymbolicName is malformed");
    }

    @Test
    void aFileThatIsNoJarIsRefused() throws IOException {
        assertRefused(Files.writeString(folder.resolve("text.jar"), "not a jar"), "cannot be read as a jar");
    }

    @Test
    void aMissingFileIsRefused() {
        assertRefused(folder.resolve("missing.jar"), "no such file");
    }

    private static void assertRefused(Path jar, String reason) {
        assertThatThrownBy(() -> PluginArchive.read(jar))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FILE))
                .hasMessageContaining(reason);
    }

    private Path jar(Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        Path jar = folder.resolve("plugin.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream written = new JarOutputStream(out, manifest)) {
            written.finish();
        }
        return jar;
    }
}
