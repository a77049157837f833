package org.llmfactory.api.file.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileCatalog.Label;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.storage.ObjectStore;

/** What every {@link FileCatalog} must do. */
public abstract class FileCatalogContract {
    protected static final String PROJECT = "proj_a";
    protected static final String OTHER_PROJECT = "proj_b";

    private static final Label LABEL = new Label(PROJECT, "user-1", "train ☀.jsonl", "fine-tune");

    /** The catalogue under test, empty at first. */
    protected abstract FileCatalog catalog();

    /** Where it keeps contents. */
    protected abstract ObjectStore store();

    @Test
    void aFileIsFoundAsItWasAddedWithItsContent() throws IOException {
        FileInfo file = add("abc");

        assertThat(catalog().find(PROJECT, file.id())).contains(file);
        assertThat(file.id()).startsWith("file-");
        assertThat(file.key()).isEqualTo("projects/" + PROJECT + "/files/" + file.id());
        assertThat(file.bytes()).isEqualTo(3);
        assertThat(file.digest()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(file.filename()).isEqualTo("train ☀.jsonl");
        try (InputStream content = store().open(file.key(), 0).orElseThrow()) {
            assertThat(content.readAllBytes()).asString().isEqualTo("abc");
        }
    }

    @Test
    void aFileIsThereInItsOwnProjectOnly() {
        FileInfo file = add("abc");

        assertThat(catalog().find(OTHER_PROJECT, file.id())).isEmpty();
        assertThat(catalog().delete(OTHER_PROJECT, file.id())).isFalse();
        assertThat(catalog().find(PROJECT, file.id())).isPresent();
    }

    @Test
    void aDeletedFileLeavesNothing() throws IOException {
        FileInfo file = add("abc");

        assertThat(catalog().delete(PROJECT, file.id())).isTrue();
        assertThat(catalog().delete(PROJECT, file.id())).isFalse();
        assertThat(catalog().find(PROJECT, file.id())).isEmpty();
        assertThat(store().list("projects")).isEmpty();
    }

    @Test
    void aFileWhoseContentBreaksOffIsNotThere() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };

        assertThatThrownBy(() -> catalog().add(LABEL, broken)).isInstanceOf(FactoryException.class);
        assertThat(store().list("projects")).isEmpty();
    }

    private FileInfo add(String content) {
        return catalog().add(LABEL, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }
}
