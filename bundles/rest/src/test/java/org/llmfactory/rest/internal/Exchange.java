package org.llmfactory.rest.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.servlet.Filter;
import javax.servlet.ReadListener;
import javax.servlet.ServletException;
import javax.servlet.ServletInputStream;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** One request and its response, as far as the filters look at them. */
final class Exchange {
    /** Where every request comes from. */
    static final String ADDRESS = "192.0.2.7";

    final Map<String, String> requestHeaders = new LinkedHashMap<>();
    final Map<String, String> responseHeaders = new LinkedHashMap<>();
    final Map<String, Object> attributes = new LinkedHashMap<>();
    private final String method;
    private final String path;
    private final byte[] body;
    private final ByteArrayInputStream incoming;
    private final List<Cookie> cookies = new ArrayList<>();
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private long declaredLength = -1;
    private int status = 200;
    private @Nullable HttpServletRequest passed;

    private Exchange(String method, String path, String body) {
        this.method = method;
        this.path = path;
        this.body = body.getBytes(UTF_8);
        this.incoming = new ByteArrayInputStream(this.body);
    }

    static Exchange get(String path) {
        return new Exchange("GET", path, "");
    }

    static Exchange post(String path, String body) {
        return new Exchange("POST", path, body);
    }

    Exchange cookie(String name, String content) {
        cookies.add(new Cookie(name, content));
        return this;
    }

    Exchange header(String name, String value) {
        requestHeaders.put(name, value);
        return this;
    }

    Exchange declaringItsLength() {
        declaredLength = body.length;
        return this;
    }

    Exchange through(Filter filter) throws IOException, ServletException {
        return through(filter, request -> {});
    }

    /** Sends the request through a filter, behind which a servlet does something with it. */
    Exchange through(Filter filter, Servlet servlet) throws IOException, ServletException {
        filter.doFilter(request(), response(), (request, response) -> {
            passed = (HttpServletRequest) request;
            servlet.serve(passed);
        });
        return this;
    }

    /** What stands behind a filter. */
    interface Servlet {
        void serve(HttpServletRequest request) throws IOException;
    }

    boolean hasPassed() {
        return passed != null;
    }

    HttpServletRequest passed() {
        if (passed == null) {
            throw new AssertionError("the filter answered " + status + " " + answer());
        }
        return passed;
    }

    int status() {
        return status;
    }

    String answer() {
        return answer.toString(UTF_8);
    }

    /** Bytes of the body that nobody has read. */
    int unread() {
        return incoming.available();
    }

    HttpServletRequest request() {
        ServletInputStream in = new Body(incoming);
        return proxy(HttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getHeader" -> requestHeaders.get((String) arguments[0]);
            case "getContentType" -> requestHeaders.get("Content-Type");
            case "getAttribute" -> attributes.get((String) arguments[0]);
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            case "getContextPath" -> "";
            case "getServletPath", "getRequestURI" -> path;
            case "getRequestURL" -> url();
            case "getMethod" -> method;
            case "getRemoteAddr" -> ADDRESS;
            case "getCookies" -> cookies.isEmpty() ? null : cookies.toArray(Cookie[]::new);
            case "getContentLengthLong" -> declaredLength;
            case "getInputStream" -> in;
            case "isAsyncStarted" -> false;
            default -> null;
        });
    }

    private HttpServletResponse response() {
        ServletOutputStream out = new Answer(answer);
        return proxy(HttpServletResponse.class, (name, arguments) -> switch (name) {
            case "setStatus" -> keepStatus((int) arguments[0]);
            case "setHeader" -> responseHeaders.put((String) arguments[0], (String) arguments[1]);
            case "sendRedirect" -> redirect((String) arguments[0]);
            case "getOutputStream" -> out;
            case "isCommitted" -> false;
            default -> null;
        });
    }

    @SuppressWarnings("JdkObsolete") // the servlet API wants it
    private StringBuffer url() {
        return new StringBuffer("http://host:8080").append(path);
    }

    private @Nullable Object keepStatus(int sent) {
        status = sent;
        return null;
    }

    private @Nullable Object redirect(String location) {
        responseHeaders.put("Location", location);
        return keepStatus(302);
    }

    private interface Call {
        @Nullable
        Object answer(String name, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    Object result = call.answer(method.getName(), given);
                    return method.getReturnType() == void.class ? null : result;
                }));
    }

    private static final class Body extends ServletInputStream {
        private final ByteArrayInputStream in;

        Body(ByteArrayInputStream in) {
            this.in = in;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return in.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            return in.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Answer extends ServletOutputStream {
        private final ByteArrayOutputStream out;

        Answer(ByteArrayOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) {
            out.write(value);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
