package org.llmfactory.webconsole;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Closes the console's ways to install, update and remove bundles: plugins are changed by the plugin manager only, which
 * checks them, drains them and remembers them.
 */
@Component(service = Filter.class)
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=org.apache.felix.webconsole)")
public final class BundleChangeFilter implements Filter {
    private static final Set<String> CHANGES = Set.of("install", "update", "uninstall");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        if (changesBundles(
                http.getMethod(), http.getRequestURI(), http.getContentType(), http.getParameter("action"))) {
            ((HttpServletResponse) response)
                    .sendError(
                            HttpServletResponse.SC_FORBIDDEN,
                            "Change plugins with './factory plugin deploy JAR' and './factory plugin undeploy NAME'");
            return;
        }
        chain.doFilter(request, response);
    }

    /** Uploads reach the bundles page as multipart forms, whose action is not a parameter yet. */
    static boolean changesBundles(String method, String uri, @Nullable String contentType, @Nullable String action) {
        if (!"POST".equals(method)) {
            return false;
        }
        boolean upload =
                contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("multipart/");
        boolean install = uri.endsWith("/install");
        return upload || install || (action != null && CHANGES.contains(action));
    }
}
