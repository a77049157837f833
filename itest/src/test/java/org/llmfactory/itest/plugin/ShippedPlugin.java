package org.llmfactory.itest.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.llmfactory.launcher.agent.Installation;

/** Plugins as features have them, under other versions. */
public final class ShippedPlugin {
    private ShippedPlugin() {}

    /** Takes a plugin out of a feature and writes it to a folder, under another version. */
    public static Path copy(String feature, String plugin, String version, Path folder) throws IOException {
        Path jar = Installation.located().root().resolve("features/" + feature + "/target/" + feature + ".jar");
        Path target = folder.resolve(plugin + "-" + version + ".jar");
        try (JarFile shipped = new JarFile(jar.toFile())) {
            JarEntry entry = shipped.stream()
                    .filter(found -> found.getName().startsWith("jar/" + plugin + "-"))
                    .findFirst()
                    .orElseThrow();
            try (JarInputStream in = new JarInputStream(shipped.getInputStream(entry));
                    OutputStream file = Files.newOutputStream(target)) {
                Manifest manifest = in.getManifest();
                manifest.getMainAttributes().putValue("Bundle-Version", version);
                try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                    for (JarEntry part = in.getNextJarEntry(); part != null; part = in.getNextJarEntry()) {
                        out.putNextEntry(new JarEntry(part.getName()));
                        in.transferTo(out);
                    }
                }
            }
        }
        return target;
    }
}
