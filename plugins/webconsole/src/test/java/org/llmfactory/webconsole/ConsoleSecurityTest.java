package org.llmfactory.webconsole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.rest.Sessions;

class ConsoleSecurityTest {
    private static final Caller OPERATOR = owner(EnumSet.allOf(Area.class));

    private final InMemoryAuthenticator authenticator = new InMemoryAuthenticator()
            .allow("operator", OPERATOR)
            .allow("narrow", owner(EnumSet.of(Area.INFERENCE)))
            .allow("user", InMemoryAuthenticator.USER)
            .allowSession("operator's", "token", OPERATOR)
            .allowSession("user's", "token", InMemoryAuthenticator.USER);
    private final ConsoleSecurity security = new ConsoleSecurity(authenticator);
    private final Map<String, Object> answer = new HashMap<>();

    private static Caller owner(EnumSet<Area> areas) {
        return new Caller(
                Caller.Kind.USER,
                "user-9",
                Caller.DEFAULT_PROJECT,
                OrganizationRole.OWNER,
                Map.of(),
                Optional.empty(),
                KeyScope.of(areas));
    }

    @Test
    void operatorsKeyOpensTheConsoleInEveryForm() {
        assertThat(ask("GET", Map.of("Authorization", "Bearer operator"), "")).isEqualTo("user-9");
        assertThat(ask("POST", Map.of("Authorization", "bearer operator"), "")).isEqualTo("user-9");
        assertThat(ask("GET", Map.of("Authorization", "Basic " + encoded("me:operator")), ""))
                .isEqualTo("user-9");
    }

    @Test
    void operatorsSessionOpensIt() {
        assertThat(ask("GET", Map.of(), "operator's")).isEqualTo("user-9");
    }

    @Test
    void nobodyElseIsLetIn() {
        assertThat(ask("GET", Map.of("Authorization", "Bearer user"), "")).isNull();
        assertThat(answer).containsEntry("status", 403);
        assertThat(ask("GET", Map.of("Authorization", "Bearer narrow"), "")).isNull();
        assertThat(ask("GET", Map.of(), "user's")).isNull();
        assertThat(answer).containsEntry("status", 403).doesNotContainKey("location");
        assertThat(ask("GET", Map.of("Authorization", "Bearer wrong"), "")).isNull();
        assertThat(answer).containsEntry("status", 401);
    }

    @Test
    void whoIsNotSignedInIsSentThere() {
        assertThat(ask("GET", Map.of(), "")).isNull();
        assertThat(answer).containsEntry("location", "/auth/sign-in?next=%2Fsystem%2Fconsole%2Fbundles");
        assertThat(ask("GET", Map.of(), "ended")).isNull();
        assertThat(answer).containsKey("location");
    }

    @Test
    void formOfTheConsoleItselfIsTaken() {
        assertThat(ask("POST", Map.of("Origin", "http://host:8080"), "operator's"))
                .isEqualTo("user-9");
        assertThat(ask("POST", Map.of("Sec-Fetch-Site", "same-origin"), "operator's"))
                .isEqualTo("user-9");
    }

    @Test
    void formOfAnotherPageIsRefused() {
        for (Map<String, String> headers : List.of(
                Map.<String, String>of(),
                Map.of("Origin", "https://evil.example"),
                Map.of("Origin", "null"),
                Map.of("Sec-Fetch-Site", "cross-site"),
                Map.of("Sec-Fetch-Site", "same-site", "Origin", "http://other:8080"))) {
            assertThat(ask("POST", headers, "operator's"))
                    .as(headers.toString())
                    .isNull();
            assertThat(answer).containsEntry("status", 403);
        }
    }

    @Test
    void passwordThatABrowserRemembersIsNoProofOfThePageEither() {
        String basic = "Basic " + encoded("me:operator");

        assertThat(ask("POST", Map.of("Authorization", basic, "Origin", "https://evil.example"), ""))
                .isNull();
        assertThat(ask("POST", Map.of("Authorization", basic, "Origin", "http://host:8080"), ""))
                .isEqualTo("user-9");
    }

    @Test
    void anythingElseIsNoKey() {
        assertThat(ConsoleCredentials.key("Basic " + encoded("anybody:key:with:colons")))
                .contains("key:with:colons");
        assertThat(ConsoleCredentials.key(null)).isEmpty();
        assertThat(ConsoleCredentials.key("Basic")).isEmpty();
        assertThat(ConsoleCredentials.key("Basic %%%")).isEmpty();
        assertThat(ConsoleCredentials.key("Digest " + encoded("a:b"))).isEmpty();
    }

    private Object ask(String method, Map<String, String> headers, String session) {
        answer.clear();
        HttpServletRequest request =
                proxy(HttpServletRequest.class, (proxy, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getHeader" -> "Host".equals(arguments[0]) ? "host:8080" : headers.get((String) arguments[0]);
                    case "getCookies" -> session.isEmpty() ? null : new Cookie[] {new Cookie(Sessions.COOKIE, session)};
                    case "getRemoteAddr" -> "192.0.2.1";
                    case "getRequestURI" -> "/system/console/bundles";
                    default -> throw new UnsupportedOperationException(called.getName());
                });
        HttpServletResponse response =
                proxy(HttpServletResponse.class, (proxy, called, arguments) -> switch (called.getName()) {
                    case "setStatus" -> note("status", arguments[0]);
                    case "sendRedirect" -> note("location", arguments[0]);
                    case "setHeader" -> note((String) arguments[0], arguments[1]);
                    default -> throw new UnsupportedOperationException(called.getName());
                });
        return security.authenticate(request, response);
    }

    private Object note(String name, Object content) {
        answer.put(name, content);
        return null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
