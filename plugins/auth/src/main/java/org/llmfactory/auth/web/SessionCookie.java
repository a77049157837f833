package org.llmfactory.auth.web;

import java.util.Optional;
import java.util.stream.Stream;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.llmfactory.api.identity.Credentials;

/** Cookies that no script reads and that pages of others do not make the browser send. */
final class SessionCookie {
    private SessionCookie() {}

    /** What a cookie holds, {@linkplain Credentials#folded folded} as all secrets that come in headers. */
    static Optional<String> read(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Stream.of(cookies)
                        .filter(cookie -> cookie.getName().equals(name))
                        .map(Cookie::getValue)
                        .map(Credentials::folded)
                        .findFirst();
    }

    /** Sets a cookie that ends with the browser. The servlet API does not know SameSite, so the header is written here. */
    static void write(HttpServletResponse response, String name, String content, String path, boolean secure) {
        response.addHeader(
                "Set-Cookie",
                name + "=" + content + "; Path=" + path + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : ""));
    }

    static void clear(HttpServletResponse response, String name, String path, boolean secure) {
        response.addHeader(
                "Set-Cookie",
                name + "=; Path=" + path + "; Max-Age=0; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : ""));
    }
}
