package org.llmfactory.enrollment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import javax.servlet.ReadListener;
import javax.servlet.Servlet;
import javax.servlet.ServletException;
import javax.servlet.ServletInputStream;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** One servlet on a port of its own, and whoever stands in the middle. */
final class ServletServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Servlet servlet;
    private volatile UnaryOperator<byte[]> requests = body -> body;
    private volatile UnaryOperator<byte[]> answers = body -> body;

    ServletServer(String path, Servlet servlet) throws IOException {
        this.servlet = servlet;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(path, this::serve);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Somebody in the middle changes what comes and goes. */
    void intercept(UnaryOperator<byte[]> incoming, UnaryOperator<byte[]> outgoing) {
        requests = incoming;
        answers = outgoing;
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = requests.apply(exchange.getRequestBody().readAllBytes());
        Answer answer = new Answer();
        try {
            servlet.service(request(exchange, body), answer.response());
        } catch (ServletException e) {
            throw new IOException(e);
        }
        byte[] written = answers.apply(answer.body.toByteArray());
        exchange.sendResponseHeaders(answer.status, written.length);
        exchange.getResponseBody().write(written);
        exchange.close();
    }

    private static HttpServletRequest request(HttpExchange exchange, byte[] body) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ServletServer.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (self, method, given) -> switch (method.getName()) {
                    case "getMethod" -> exchange.getRequestMethod();
                    case "getRemoteAddr" ->
                        exchange.getRemoteAddress().getAddress().getHostAddress();
                    case "getInputStream" -> new Body(new ByteArrayInputStream(body));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** What the servlet answers. */
    private static final class Answer {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status = 200;

        HttpServletResponse response() {
            return (HttpServletResponse) Proxy.newProxyInstance(
                    ServletServer.class.getClassLoader(),
                    new Class<?>[] {HttpServletResponse.class},
                    (self, method, given) -> switch (method.getName()) {
                        case "setStatus" -> {
                            status = (Integer) given[0];
                            yield null;
                        }
                        case "setHeader", "setContentType", "setContentLength" -> null;
                        case "getOutputStream" -> new Out();
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        private final class Out extends ServletOutputStream {
            @Override
            public void write(int single) {
                body.write(single);
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

    private static final class Body extends ServletInputStream {
        private final InputStream content;

        Body(InputStream content) {
            this.content = content;
        }

        @Override
        public int read() throws IOException {
            return content.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return content.read(target, offset, length);
        }

        @Override
        public boolean isFinished() {
            return false;
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
}
