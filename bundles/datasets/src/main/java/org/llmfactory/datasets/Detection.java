package org.llmfactory.datasets;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Tells what a file is by how it begins, and by its name where that says nothing. */
final class Detection {
    private static final int HEAD = 4096;
    private static final Pattern JSON_OBJECT = Pattern.compile("^\\{\\s*[\"}]");
    private static final Pattern JSON_ARRAY = Pattern.compile("^\\[\\s*(?:\\{|\\]\\s*$)");
    private static final Pattern HTML = Pattern.compile("^<(?:!doctype\\s+html|html|head|body)\\b");

    private Detection() {}

    static RowSource open(String filename, InputStream content, Limits limits) throws IOException {
        BufferedInputStream in = new BufferedInputStream(content, 1 << 16);
        in.mark(HEAD);
        byte[] head = in.readNBytes(HEAD);
        in.reset();
        if (head.length == 0) {
            throw invalid("The file is empty.");
        }
        if (startsWith(head, "%PDF-")) {
            return new TextRows(Format.PDF, PdfParagraphs.open(in, limits));
        }
        if (startsWith(head, "PK\u0003\u0004")) {
            return new TextRows(Format.DOCX, DocxParagraphs.open(in, limits));
        }
        refuseBinary(head);
        skipByteOrderMark(in, head);
        return text(filename.toLowerCase(Locale.ROOT), in, head, limits);
    }

    private static RowSource text(String name, BufferedInputStream in, byte[] head, Limits limits) throws IOException {
        String start =
                new String(head, StandardCharsets.UTF_8).replace("\uFEFF", "").stripLeading();
        if (JSON_OBJECT.matcher(start).find()) {
            return new JsonLines(new Utf8Lines(in, limits.rowBytes()));
        }
        if (JSON_ARRAY.matcher(start).find()) {
            return new JsonArray(in, limits.rowBytes());
        }
        if (endsWith(name, List.of(".jsonl", ".ndjson"))) {
            return new JsonLines(new Utf8Lines(in, limits.rowBytes()));
        }
        if (name.endsWith(".json")) {
            throw invalid("line 1: expected an array of objects, or an object on each line.");
        }
        if (HTML.matcher(start.toLowerCase(Locale.ROOT)).find() || endsWith(name, List.of(".html", ".htm", ".xhtml"))) {
            return new TextRows(Format.HTML, HtmlParagraphs.open(in, limits));
        }
        Format format = endsWith(name, List.of(".md", ".markdown")) ? Format.MARKDOWN : Format.TEXT;
        return new TextRows(format, new LineParagraphs(new Utf8Lines(in, limits.rowBytes())));
    }

    private static void refuseBinary(byte[] head) {
        for (byte value : head) {
            if (value == 0) {
                throw invalid("The file is binary, or text that is not UTF-8; send UTF-8 text, PDF or DOCX.");
            }
        }
    }

    private static void skipByteOrderMark(InputStream in, byte[] head) throws IOException {
        if (head.length >= 3 && head[0] == (byte) 0xEF && head[1] == (byte) 0xBB && head[2] == (byte) 0xBF) {
            in.skipNBytes(3);
        }
    }

    private static boolean startsWith(byte[] head, String magic) {
        return new String(head, 0, Math.min(head.length, magic.length()), StandardCharsets.ISO_8859_1).equals(magic);
    }

    private static boolean endsWith(String name, List<String> endings) {
        return endings.stream().anyMatch(name::endsWith);
    }

    static FactoryException invalid(String message) {
        return new FactoryException(ErrorCode.INVALID_FILE, message);
    }
}
