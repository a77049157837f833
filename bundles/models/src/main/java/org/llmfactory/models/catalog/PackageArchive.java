package org.llmfactory.models.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A downloaded package. Only the files asked for are taken out, under the names the catalogue gives them. */
interface PackageArchive extends AutoCloseable {
    /** Takes files out of a folder of the archive. */
    void extract(List<CatalogFile> files, String folder, Path target, Progress progress) throws IOException;

    @Override
    void close() throws IOException;

    /** Opens a zip file (wheel, jar) or a gzipped tar file. */
    static PackageArchive open(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".tgz") || name.endsWith(".tar.gz")
                ? new TarArchive(file)
                : new Zip(new ZipFile(file.toFile()));
    }

    /** The name of a model's file inside the archive. */
    static String nameOf(CatalogFile file, String folder) {
        return folder.isEmpty() ? file.path() : folder + "/" + file.path();
    }

    /** A zip file. */
    record Zip(ZipFile zip) implements PackageArchive {
        @Override
        public void extract(List<CatalogFile> files, String folder, Path target, Progress progress) throws IOException {
            for (CatalogFile file : files) {
                ZipEntry entry = zip.getEntry(nameOf(file, folder));
                if (entry == null) {
                    throw new IOException("the package does not hold " + nameOf(file, folder));
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    progress.copy(in, file, target);
                }
            }
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }
}
