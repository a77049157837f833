package org.llmfactory.rest.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.rest.BodyTooLargeException;
import org.llmfactory.rest.RequestAttributes;

final class FiltersTest {
    private final AuthenticationFilter authentication =
            new AuthenticationFilter(config(AuthenticationFilter.Config.class, Map.of()));
    private final BodyLimitFilter limits = new BodyLimitFilter(
            config(BodyLimitFilter.Config.class, Map.of("maxBodyBytes", 10L, "maxUploadBytes", 20L)));
    private final BasePathPreprocessor paths =
            new BasePathPreprocessor(config(BasePathPreprocessor.Config.class, Map.of()));

    @Test
    void rightKeyLetsItsOwnerThrough() throws Exception {
        authentication.authenticator = new InMemoryAuthenticator().allow("key", InMemoryAuthenticator.USER);

        for (String header : new String[] {"Bearer key", "bearer key", "Bearer  key ", "Basic " + base64("me:key")}) {
            Exchange exchange =
                    Exchange.get("/v1/models").header("Authorization", header).through(authentication);

            assertThat(exchange.passed().getAttribute(Caller.ATTRIBUTE))
                    .as(header)
                    .isEqualTo(InMemoryAuthenticator.USER);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer other", "Bearer", "Bearer ", "key", "Basic key", "Basic !!!", "Digest key", ""})
    void everythingElseIsRefused(String header) throws Exception {
        authentication.authenticator = new InMemoryAuthenticator().allow("key", InMemoryAuthenticator.USER);

        Exchange exchange =
                Exchange.get("/v1/models").header("Authorization", header).through(authentication);

        assertThat(exchange.hasPassed()).isFalse();
        assertThat(exchange.status()).isEqualTo(401);
        assertThat(exchange.answer()).contains("\"code\":\"invalid_api_key\"");
    }

    @Test
    void everythingIsRefusedWithoutAnAuthenticator() throws Exception {
        Exchange exchange =
                Exchange.get("/v1/models").header("Authorization", "Bearer key").through(authentication);

        assertThat(exchange.hasPassed()).isFalse();
        assertThat(exchange.status()).isEqualTo(401);
    }

    @Test
    void healthAloneIsOpen() throws Exception {
        assertThat(Exchange.get("/health").through(authentication).hasPassed()).isTrue();
        for (String path : new String[] {"/", "/healthy", "/health/x", "/v1/health", "/metrics", "/system/console"}) {
            assertThat(Exchange.get(path).through(authentication).hasPassed())
                    .as(path)
                    .isFalse();
        }
    }

    @Test
    void browserIsAskedForTheKeyWhereThereIsAPageToSee() throws Exception {
        assertThat(Exchange.get("/system/console/bundles").through(authentication).responseHeaders)
                .containsEntry("WWW-Authenticate", "Basic realm=\"LLM Factory\"");
        assertThat(Exchange.get("/v1/models").through(authentication).responseHeaders)
                .containsEntry("WWW-Authenticate", "Bearer realm=\"LLM Factory\"");
    }

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
                new Exchange("/", "x".repeat(11)).declaringItsLength().through(limits);

        assertThat(exchange.status()).isEqualTo(413);
        assertThat(exchange.answer()).contains("larger than the 10 bytes");
    }

    @Test
    void undeclaredBodyIsBoundedWhileItIsRead() throws Exception {
        Exchange exchange = new Exchange("/", "x".repeat(11)).through(limits);

        assertThatThrownBy(() -> exchange.passed().getInputStream().readAllBytes())
                .isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void bodyWithinTheLimitIsUntouched() throws Exception {
        Exchange exchange =
                new Exchange("/", "x".repeat(10)).declaringItsLength().through(limits);

        assertThat(exchange.passed().getInputStream().readAllBytes()).hasSize(10);
    }

    @Test
    void uploadsMayBeLarger() throws Exception {
        Exchange exchange = new Exchange("/", "x".repeat(20))
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
        assertThat(config(AuthenticationFilter.Config.class, Map.of()).openPaths())
                .containsExactly("/health");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static <T> T config(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue())));
    }
}
