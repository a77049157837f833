package org.llmfactory.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
    void undeclaredBodyIsBoundedWhileItIsRead() {
        assertThatThrownBy(() -> size(Exchange.post("/", "x".repeat(11)))).isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void bodyWithinTheLimitIsUntouched() throws Exception {
        assertThat(size(Exchange.post("/", "x".repeat(10)).declaringItsLength()))
                .isEqualTo(10);
    }

    @Test
    void uploadsMayBeLarger() throws Exception {
        assertThat(size(Exchange.post("/", "x".repeat(20))
                        .declaringItsLength()
                        .header("Content-Type", "multipart/form-data; boundary=b")))
                .isEqualTo(20);
    }

    private int size(Exchange exchange) throws Exception {
        AtomicInteger size = new AtomicInteger();
        exchange.through(limits, request -> size.set(request.getInputStream().readAllBytes().length));
        return size.get();
    }

    @Test
    void bodyThatNobodyHasReadIsDiscarded() throws Exception {
        Exchange exchange =
                Exchange.post("/", "x".repeat(10)).declaringItsLength().through(limits);

        assertThat(exchange.unread()).isZero();
        assertThat(exchange.responseHeaders).doesNotContainKey("Connection");
    }

    @Test
    void bodyOverTheLimitIsDiscarded() throws Exception {
        Exchange declared =
                Exchange.post("/", "x".repeat(11)).declaringItsLength().through(limits);
        assertThat(declared.unread()).isZero();

        Exchange undeclared = Exchange.post("/", "x".repeat(100_000)).header("Transfer-Encoding", "chunked");
        assertThatThrownBy(() -> size(undeclared)).isInstanceOf(BodyTooLargeException.class);
        assertThat(undeclared.unread()).isZero();
    }

    @Test
    void bodyThatWasNotAskedForIsNotWaitedFor() throws Exception {
        Exchange exchange = Exchange.post("/", "x".repeat(10))
                .declaringItsLength()
                .header("Expect", "100-continue")
                .through(limits);

        assertThat(exchange.unread()).isEqualTo(10);
        assertThat(exchange.responseHeaders).containsEntry("Connection", "close");
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
        assertThat(authentication.openPaths()).containsExactly("/health", "/auth/*", "/network/join");
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
