package org.llmfactory.rest.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
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
 * their own.
 */
@Component(
        service = Filter.class,
        configurationPid = "org.llmfactory.rest.limits",
        property = "service.ranking:Integer=1000")
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

    /** What is read of a refused body, so that the client hears the answer before it has sent everything. */
    private static final long DRAINED_BYTES = 64L << 20;

    private final long maxBodyBytes;
    private final long maxUploadBytes;

    @Activate
    public BodyLimitFilter(Config config) {
        this.maxBodyBytes = config.maxBodyBytes();
        this.maxUploadBytes = config.maxUploadBytes();
    }

    @Override
    public void init(FilterConfig configuration) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        long limit = isUpload(http.getContentType()) ? maxUploadBytes : maxBodyBytes;
        if (http.getContentLengthLong() > limit) {
            discard(http.getInputStream());
            ServletErrors.send(http, (HttpServletResponse) response, new BodyTooLargeException(limit).toFailure());
            return;
        }
        chain.doFilter(new LimitedRequest(http, limit), response);
    }

    private static boolean isUpload(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return UPLOADS.contains(type.strip().toLowerCase(Locale.ROOT));
    }

    private static void discard(InputStream body) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = DRAINED_BYTES;
        while (left > 0) {
            int read = body.read(buffer);
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }

    @Override
    public void destroy() {}
}
