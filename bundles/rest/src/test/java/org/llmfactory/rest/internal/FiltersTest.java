package org.llmfactory.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.rest.BodyTooLargeException;
import org.llmfactory.rest.RequestAttributes;

final class FiltersTest {
    private final BodyLimitFilter limits = new BodyLimitFilter(
            config(BodyLimitFilter.Config.class, Map.of("maxBodyBytes", 10L, "maxUploadBytes", 20L)));
    private final BasePathPreprocessor paths =
            new BasePathPreprocessor(config(BasePathPreprocessor.Config.class, Map.of()));

    @Test
    void requestGetsAnId() throws Exception {
        Exchange exchange =
                Exchange.get("/").header("X-Client-Request-Id", "mine").through(new RequestIdFilter());

        assertThat(exchange.responseHeaders.get("x-request-id")).matches("req_[0-9a-f]{32}");
        assertThat(exchange.passed().getAttribute(RequestAttributes.REQUEST_ID))
                .isEqualTo(exchange.responseHeaders.get("x-request-id"));
    }

    @Test
    void declaredBodyOverTheLimitIsRefusedAtOnce() throws Exception {
        Exchange exchange =
                Exchange.post("/", "x".repeat(11)).declaringItsLength().through(limits);

        assertThat(exchange.status()).isEqualTo(413);
        assertThat(exchange.answer()).contains("larger than the 10 bytes");
    }

    @Test
    void undeclaredBodyIsBoundedWhileItIsRead() throws Exception {
        Exchange exchange = Exchange.post("/", "x".repeat(11)).through(limits);

        assertThatThrownBy(() -> exchange.passed().getInputStream().readAllBytes())
                .isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void bodyWithinTheLimitIsUntouched() throws Exception {
        Exchange exchange =
                Exchange.post("/", "x".repeat(10)).declaringItsLength().through(limits);

        assertThat(exchange.passed().getInputStream().readAllBytes()).hasSize(10);
    }

    @Test
    void uploadsMayBeLarger() throws Exception {
        Exchange exchange = Exchange.post("/", "x".repeat(20))
                .declaringItsLength()
                .header("Content-Type", "multipart/form-data; boundary=b")
                .through(limits);

        assertThat(exchange.passed().getInputStream().readAllBytes()).hasSize(20);
    }

    @ParameterizedTest
    @CsvSource({
        "/openai/v1/models, /v1/models",
        "/openai/v1, /v1",
        "/models, /v1/models",
        "/chat/completions, /v1/chat/completions",
        "/completions, /v1/completions",
        "/embeddings, /v1/embeddings",
        "/organization/projects, /v1/organization/projects",
        "/projects/proj_1/roles, /v1/projects/proj_1/roles",
        "/presets, /v1/presets",
        "/content_policies/x, /v1/content_policies/x",
        "/v1/models, /v1/models",
        "/modelsx, /modelsx",
        "/openai/v1x, /openai/v1x",
        "/generate, /generate",
        "/, /"
    })
    void basePathsMeanTheSame(String path, String canonical) throws Exception {
        Exchange exchange = Exchange.get(path).through(paths);

        assertThat(exchange.passed().getRequestURI()).isEqualTo(canonical);
        assertThat(exchange.passed().getRequestURL()).hasToString("http://host:8080" + canonical);
    }

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        BodyLimitFilter.Config config = config(BodyLimitFilter.Config.class, Map.of());

        assertThat(config.maxBodyBytes()).isEqualTo(4L << 20);
        assertThat(config.maxUploadBytes()).isEqualTo(4L << 30);
        AuthenticationFilter.Config authentication = config(AuthenticationFilter.Config.class, Map.of());
        assertThat(authentication.openPaths()).containsExactly("/health", "/auth/*");
        assertThat(authentication.browserPaths()).containsExactly("/system/console");
        assertThat(authentication.signInPage()).isEqualTo("/auth/sign-in");
    }

    static <T> T config(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue())));
    }
}
