package org.llmfactory.agent.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A jar as its entries, to be made, taken apart and put together again. */
final class TestJar {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** A jar with a manifest and two entries. */
    static TestJar small() {
        return new TestJar()
                .put("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nBundle-SymbolicName: small\r\n\r\n")
                .put("org/acme/One.class", "one")
                .put("META-INF/services/org.acme.Two", "two");
    }

    static TestJar of(Path file) throws IOException {
        TestJar jar = new TestJar();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                try (InputStream in = zip.getInputStream(entry)) {
                    jar.entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return jar;
    }

    TestJar put(String name, String content) {
        return put(name, content.getBytes(UTF_8));
    }

    TestJar put(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    TestJar remove(String name) {
        if (entries.remove(name) == null) {
            throw new IllegalStateException("there is no " + name);
        }
        return this;
    }

    String text(String name) {
        return new String(entries.get(name), UTF_8);
    }

    /** The name of the one entry with this ending. */
    String name(String ending) {
        return entries.keySet().stream()
                .filter(name -> name.endsWith(ending))
                .findFirst()
                .orElseThrow();
    }

    Path write(Path folder) throws IOException {
        return Files.write(Files.createTempFile(folder, "test", ".jar"), bytes());
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return out.toByteArray();
    }
}
