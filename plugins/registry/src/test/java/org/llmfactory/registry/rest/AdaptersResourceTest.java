package org.llmfactory.registry.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.util.List;
import javax.ws.rs.core.SecurityContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.rest.Callers;

final class AdaptersResourceTest {
    private static final SecurityContext ADMINISTRATOR =
            Callers.securityContext(InMemoryAuthenticator.ADMINISTRATOR, false);
    private static final SecurityContext USER = Callers.securityContext(InMemoryAuthenticator.USER, false);
    private static final String TYPE = "multipart/form-data; boundary=edge";

    private final AdaptersResource resource = new AdaptersResource(
            new InMemoryAdapterRegistry(StubLocalModel.of("tiny").info()));

    @Test
    void aRegisteredAdapterIsListedAndFound() {
        AdapterObject adapter = register(ADMINISTRATOR, "haiku", "weights");

        assertThat(resource.list(USER).object()).isEqualTo("list");
        assertThat(resource.list(USER).data()).containsExactly(adapter);
        assertThat(resource.get(USER, "haiku")).isEqualTo(adapter);
        assertThat(resource.get(USER, adapter.id())).isEqualTo(adapter);
        assertThat(adapter.baseModel()).isEqualTo("tiny");
        assertThat(adapter.bytes()).isEqualTo(7);
    }

    @Test
    void namesOnTheWireAreInSnakeCase() {
        AdapterObject adapter = register(ADMINISTRATOR, "haiku", "weights");

        assertThat(new ObjectMapper().valueToTree(adapter).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "id",
                        "object",
                        "name",
                        "base_model",
                        "digest",
                        "rank",
                        "target_modules",
                        "bytes",
                        "created_at");
    }

    @Test
    void aRemovedAdapterIsGone() {
        register(ADMINISTRATOR, "haiku", "weights");

        AdaptersResource.Removed removed = resource.remove(ADMINISTRATOR, "haiku");

        assertThat(removed.deleted()).isTrue();
        assertThat(resource.list(USER).data()).isEmpty();
        assertCode(ErrorCode.MODEL_NOT_FOUND, () -> resource.get(USER, "haiku"));
        assertCode(ErrorCode.MODEL_NOT_FOUND, () -> resource.remove(ADMINISTRATOR, "haiku"));
    }

    @Test
    void onlyAdministratorsChangeAdapters() {
        register(ADMINISTRATOR, "haiku", "weights");

        assertCode(ErrorCode.PERMISSION_DENIED, () -> register(USER, "verse", "weights"));
        assertCode(ErrorCode.PERMISSION_DENIED, () -> resource.remove(USER, "haiku"));
        assertThat(resource.list(USER).data()).extracting(AdapterObject::name).isEqualTo(List.of("haiku"));
    }

    @Test
    void anIncompleteUploadIsRefused() {
        assertCode(ErrorCode.MISSING_PARAMETER, () -> send(ADMINISTRATOR, part("name", "haiku")));
        assertCode(
                ErrorCode.INVALID_FILE,
                () -> send(
                        ADMINISTRATOR,
                        part("name", "haiku")
                                + part("base_model", "tiny")
                                + part("config", "")
                                + part("weights", "x")));
        assertCode(
                ErrorCode.MODEL_NOT_FOUND,
                () -> send(
                        ADMINISTRATOR,
                        part("name", "haiku")
                                + part("base_model", "huge")
                                + part("config", "{}")
                                + part("weights", "x")));
        assertThat(resource.list(USER).data()).isEmpty();
    }

    private AdapterObject register(SecurityContext caller, String name, String weights) {
        return send(
                caller,
                part("name", name) + part("base_model", "tiny") + part("config", "{}") + part("weights", weights));
    }

    private AdapterObject send(SecurityContext caller, String parts) {
        return resource.register(
                caller, new TypeHeader(TYPE), new ByteArrayInputStream((parts + "--edge--\r\n").getBytes(UTF_8)));
    }

    private static String part(String name, String value) {
        return "--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static void assertCode(ErrorCode code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
