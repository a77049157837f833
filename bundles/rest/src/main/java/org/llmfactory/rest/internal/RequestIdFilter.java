package org.llmfactory.rest.internal;

import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.RequestAttributes;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives every request an id, sent back as {@code x-request-id}, and notes when it came and under which client id. */
@Component(service = Filter.class, property = "service.ranking:Integer=3000")
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
@HttpWhiteboardFilterAsyncSupported
public final class RequestIdFilter implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestIdFilter.class);
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{1,512}");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String id = "req_" + UUID.randomUUID().toString().replace("-", "");
        request.setAttribute(RequestAttributes.REQUEST_ID, id);
        request.setAttribute(RequestAttributes.STARTED, System.nanoTime());
        HttpServletResponse answer = (HttpServletResponse) response;
        answer.setHeader("x-request-id", id);
        answer.setHeader("openai-version", "2020-10-01");
        logClientId(id, ((HttpServletRequest) request).getHeader("X-Client-Request-Id"));
        chain.doFilter(request, response);
    }

    private static void logClientId(String id, @Nullable String clientId) {
        if (clientId != null && PRINTABLE.matcher(clientId).matches()) {
            LOG.info("Request {} is the client's {}", id, clientId);
        }
    }
}
