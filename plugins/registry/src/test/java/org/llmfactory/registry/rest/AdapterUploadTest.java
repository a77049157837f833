package org.llmfactory.registry.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

class AdapterUploadTest {
    private static final String TYPE = "multipart/form-data; boundary=edge";

    @Test
    void partsAreReadAndTemporaryFilesEndWithTheUpload() {
        Path weights;
        try (AdapterUpload upload = read(part("name", "haiku")
                + part("base_model", "tiny")
                + file("config", "{}")
                + file("weights", "abc")
                + part("comment", "ignored"))) {
            assertThat(upload.name()).isEqualTo("haiku");
            assertThat(upload.baseModel()).isEqualTo("tiny");
            assertThat(upload.configuration()).hasContent("{}");
            weights = upload.weights();
            assertThat(weights).hasContent("abc");
        }
        assertThat(weights.getParent()).doesNotExist();
    }

    @Test
    void aMissingPartIsNamed() {
        try (AdapterUpload upload = read(part("name", "haiku"))) {
            assertThatThrownBy(upload::weights).isInstanceOfSatisfying(FactoryException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.MISSING_PARAMETER);
                assertThat(e.parameter()).contains("weights");
            });
        }
    }

    @Test
    void aTextOverItsBoundIsRefused() {
        assertThatThrownBy(() -> read(part("name", "x".repeat(2000))))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE));
    }

    @Test
    void whatIsNoMultipartBodyIsRefused() {
        assertThatThrownBy(() -> AdapterUpload.read("application/json", new ByteArrayInputStream(new byte[0])))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    }

    private static AdapterUpload read(String parts) {
        return AdapterUpload.read(TYPE, new ByteArrayInputStream((parts + "--edge--\r\n").getBytes(UTF_8)));
    }

    private static String part(String name, String value) {
        return "--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static String file(String name, String content) {
        return "--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"../" + name
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n";
    }
}
