package org.llmfactory.agent.traffic;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.llmfactory.agent.traffic.Traffic.Passage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.Preprocessor;
import org.osgi.service.servlet.whiteboard.annotations.RequireHttpWhiteboard;

/**
 * Takes every request through {@link Traffic} before the container looks for who answers it: while a plugin is changed
 * nobody does, and the request must not be told so. It comes after the preprocessors that change the path.
 */
@Component(service = Preprocessor.class, property = "service.ranking:Integer=-1000")
@RequireHttpWhiteboard
public final class TrafficGate implements Preprocessor {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Traffic traffic;

    @Activate
    public TrafficGate(@Reference TrafficMonitor monitor) {
        this.traffic = monitor.traffic();
    }

    @Override
    public void init(FilterConfig config) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Passage passage = enter(request);
        boolean leave = true;
        try {
            chain.doFilter(request, response);
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new Leaving(passage));
                leave = false;
            }
        } finally {
            if (leave) {
                passage.close();
            }
        }
    }

    @Override
    public void destroy() {}

    private Passage enter(ServletRequest request) throws IOException {
        try {
            String path = request instanceof HttpServletRequest http ? http.getRequestURI() : "";
            return traffic.enter(path, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("The server stops").initCause(e);
        }
    }

    /** Ends the passage of a request that is answered after its first thread has returned. */
    private record Leaving(Passage passage) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            passage.close();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // The container completes the request, and says so.
        }

        @Override
        public void onError(AsyncEvent event) {
            // The container completes the request, and says so.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
