package org.llmfactory.rest.internal;

import java.io.IOException;
import java.util.List;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import org.llmfactory.rest.RequestAttributes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.http.whiteboard.Preprocessor;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Serves the OpenAI interface under every base path that clients have in their settings: {@code /v1}, {@code /openai/v1}
 * and none at all. Plugins know {@code /v1} only.
 */
@Component(service = Preprocessor.class, configurationPid = "org.llmfactory.rest.paths")
@Designate(ocd = BasePathPreprocessor.Config.class)
public final class BasePathPreprocessor implements Preprocessor {
    /** Which paths mean the same. */
    @ObjectClassDefinition(name = "LLM Factory: base paths of the OpenAI interface")
    public @interface Config {
        @AttributeDefinition(description = "Base paths that mean /v1")
        String[] aliases() default {"/openai/v1"};

        @AttributeDefinition(description = "First path segments that are looked up below /v1 when they stand alone")
        String[] bare() default {
            "models",
            "chat",
            "completions",
            "responses",
            "conversations",
            "embeddings",
            "audio",
            "moderations",
            "files",
            "uploads",
            "vector_stores",
            "batches",
            "fine_tuning",
            "evals",
            "organization",
            "projects",
            "adapters",
            "presets",
            "content_policies"
        };
    }

    private static final String BASE = "/v1";

    private final List<String> aliases;
    private final List<String> bare;

    @Activate
    public BasePathPreprocessor(Config config) {
        this.aliases = List.of(config.aliases());
        this.bare = List.of(config.bare());
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        String path = http.getRequestURI();
        String canonical = canonical(path);
        if (canonical.equals(path)) {
            chain.doFilter(request, response);
            return;
        }
        request.setAttribute(RequestAttributes.PATH, path);
        chain.doFilter(new MovedRequest(http, canonical), response);
    }

    /** The path under {@code /v1} that a path means, or the path itself. */
    String canonical(String path) {
        for (String alias : aliases) {
            if (startsWithSegment(path, alias)) {
                return BASE + path.substring(alias.length());
            }
        }
        for (String segment : bare) {
            if (startsWithSegment(path, "/" + segment)) {
                return BASE + path;
            }
        }
        return path;
    }

    private static boolean startsWithSegment(String path, String prefix) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** The request as if it had been sent to another path. */
    private static final class MovedRequest extends HttpServletRequestWrapper {
        private final String path;

        MovedRequest(HttpServletRequest request, String path) {
            super(request);
            this.path = path;
        }

        @Override
        public String getRequestURI() {
            return path;
        }

        @Override
        public StringBuffer getRequestURL() {
            StringBuffer url = super.getRequestURL();
            int authority = url.indexOf("//");
            int start = url.indexOf("/", authority < 0 ? 0 : authority + 2);
            return url.replace(start < 0 ? url.length() : start, url.length(), path);
        }

        @Override
        public String getServletPath() {
            return path;
        }
    }
}
