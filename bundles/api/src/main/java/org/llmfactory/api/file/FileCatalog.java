package org.llmfactory.api.file;

import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Which files there are. Rights are the caller's business. OSGi service; safe for use by several threads. */
@ProviderType
public interface FileCatalog {
    /**
     * What a file is to be kept as.
     *
     * @param project see {@link FileInfo#project()}
     * @param owner see {@link FileInfo#owner()}
     * @param filename see {@link FileInfo#filename()}
     * @param purpose see {@link FileInfo#purpose()}
     */
    record Label(String project, String owner, String filename, String purpose) {
        public Label {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(owner, "owner");
            Objects.requireNonNull(filename, "filename");
            Objects.requireNonNull(purpose, "purpose");
        }
    }

    /** A file of a project; empty when there is none, it has expired, or it belongs to another project. */
    Optional<FileInfo> find(String project, String id);

    /**
     * Keeps a file, whole or not at all.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code UNAVAILABLE} when the store cannot take it
     */
    FileInfo add(Label label, InputStream content);

    /** Removes a file and its content; false when there was none. */
    boolean delete(String project, String id);
}
