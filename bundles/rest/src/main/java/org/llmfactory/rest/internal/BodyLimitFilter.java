package org.llmfactory.rest.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.BodyTooLargeException;
import org.llmfactory.rest.ServletErrors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterAsyncSupported;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Bounds every request body, whether its length was declared or not. Uploads, known by their media type, have a bound of
 * their own. Whatever the answer was, it is heard: what the client still sends is read, within bounds, before the connection
 * goes on or is closed. So it stands in front of all that refuse, and only behind what lets pages of other origins read.
 */
@Component(
        service = Filter.class,
        configurationPid = "org.llmfactory.rest.limits",
        property = "service.ranking:Integer=2250")
@Designate(ocd = BodyLimitFilter.Config.class)
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
@HttpWhiteboardFilterAsyncSupported
public final class BodyLimitFilter implements Filter {
    /** How large bodies may be. */
    @ObjectClassDefinition(name = "LLM Factory: size of request bodies")
    public @interface Config {
        @AttributeDefinition(description = "Bytes a JSON or text body may have")
        long maxBodyBytes() default 4L << 20;

        @AttributeDefinition(description = "Bytes an upload may have (multipart, octet-stream, Java archive)")
        long maxUploadBytes() default 4L << 30;
    }

    private static final Set<String> UPLOADS =
            Set.of("multipart/form-data", "application/octet-stream", "application/java-archive");

    private static final UnreadBody UNREAD = new UnreadBody(64L << 20, Duration.ofSeconds(30));

    private final long maxBodyBytes;
    private final long maxUploadBytes;

    @Activate
    public BodyLimitFilter(Config config) {
        this.maxBodyBytes = config.maxBodyBytes();
        this.maxUploadBytes = config.maxUploadBytes();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        long limit = isUpload(http.getContentType()) ? maxUploadBytes : maxBodyBytes;
        LimitedRequest limited = new LimitedRequest(http, limit);
        try {
            if (http.getContentLengthLong() > limit) {
                ServletErrors.send(answer, new BodyTooLargeException(limit).toFailure());
            } else {
                chain.doFilter(limited, response);
            }
        } finally {
            if (!request.isAsyncStarted()) {
                finish(limited, http, answer);
            }
        }
    }

    private static void finish(LimitedRequest limited, HttpServletRequest request, HttpServletResponse answer) {
        boolean willNotBeSent = !limited.isBegun() && request.getHeader("Expect") != null;
        boolean ended = !willNotBeSent && UNREAD.discard(request);
        if (!ended && !answer.isCommitted()) {
            answer.setHeader("Connection", "close");
        }
    }

    private static boolean isUpload(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return UPLOADS.contains(type.strip().toLowerCase(Locale.ROOT));
    }
}
