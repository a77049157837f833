package org.llmfactory.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/** The visible text of an HTML page; what browsers show on lines of its own is a line of its own here. */
final class HtmlParagraphs implements Paragraphs {
    private static final String UNSEEN = "script, style, noscript, template, head, svg, iframe, object";

    private final Iterator<String> lines;

    private HtmlParagraphs(List<String> lines) {
        this.lines = lines.iterator();
    }

    static HtmlParagraphs open(InputStream in, Limits limits) throws IOException {
        try (InputStream bounded = new BoundedStream(in, "The page", limits.documentBytes() / 8)) {
            Document page = Jsoup.parse(bounded, "UTF-8", "");
            page.select(UNSEEN).remove();
            Lines text = new Lines();
            page.traverse(text);
            return new HtmlParagraphs(text.text.toString().lines().toList());
        }
    }

    @Override
    public @Nullable String next() {
        return lines.hasNext() ? lines.next() : null;
    }

    @Override
    public int line() {
        return 1;
    }

    @Override
    public void close() {}

    private static final class Lines implements NodeVisitor {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode words) {
                append(words);
            } else if (node instanceof Element element && (element.isBlock() || isCell(element))) {
                end(isCell(element) ? ' ' : '\n');
            } else if (node.nameIs("br")) {
                text.append('\n');
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element && element.isBlock() && !isCell(element)) {
                end('\n');
                if (element.nameIs("p") || element.nameIs("table") || element.nameIs("pre")) {
                    text.append('\n');
                }
            }
        }

        private void append(TextNode words) {
            Element parent = words.parent();
            boolean kept = parent != null && parent.closest("pre") != null;
            String more = kept ? words.getWholeText() : words.text();
            text.append(endsWith('\n') && !kept ? more.stripLeading() : more);
        }

        private void end(char separator) {
            if (!text.isEmpty() && !endsWith('\n') && !endsWith(separator)) {
                text.append(separator);
            }
        }

        private boolean endsWith(char last) {
            return !text.isEmpty() && text.charAt(text.length() - 1) == last;
        }

        private static boolean isCell(Element element) {
            return element.nameIs("td") || element.nameIs("th");
        }
    }
}
