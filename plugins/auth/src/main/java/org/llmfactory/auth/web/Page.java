package org.llmfactory.auth.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletResponse;

/**
 * A page made from a template beside this class: {@code {{name}}} stands for a text, which is escaped, {@code {{{name}}}} for a
 * part of a page. The pages need no script and take nothing from elsewhere.
 */
final class Page {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\{(\\w+)}}}|\\{\\{(\\w+)}}");
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';" + " frame-ancestors 'none'";

    private final String template;
    private final Map<String, String> texts = new HashMap<>();

    Page(String template) {
        this.template = template;
    }

    /** Puts a text or a part into its places. */
    Page with(String name, String text) {
        texts.put(name, text);
        return this;
    }

    /** This as part of another page. */
    String render() {
        Matcher matcher = PLACE.matcher(read(template + ".html"));
        return matcher.replaceAll(place -> Matcher.quoteReplacement(
                place.group(1) != null ? text(place.group(1)) : escaped(text(place.group(2)))));
    }

    private String text(String name) {
        return Objects.requireNonNull(texts.get(name), name);
    }

    /** Sends this inside the frame that all pages share. */
    void send(HttpServletResponse response, int status, String title) throws IOException {
        String page =
                new Page("frame").with("title", title).with("body", render()).render();
        byte[] bytes = page.getBytes(UTF_8);
        response.setStatus(status);
        response.setContentType("text/html;charset=utf-8");
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Frame-Options", "DENY");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** A part that tells of a failure or of success; empty for an empty text. */
    static String notice(String kind, String text) {
        return text.isEmpty()
                ? ""
                : "<p class=\"" + kind + "\" role=\"" + (kind.equals("error") ? "alert" : "status") + "\">"
                        + escaped(text) + "</p>";
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String read(String resource) {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException failure) {
            throw new IllegalStateException("the plugin lacks " + resource, failure);
        }
    }
}
