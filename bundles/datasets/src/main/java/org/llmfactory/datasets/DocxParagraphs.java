package org.llmfactory.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** The paragraphs of a Word document, tables included; what was deleted under change tracking is left out. */
final class DocxParagraphs implements Paragraphs {
    private static final String BODY = "word/document.xml";
    private static final int MAXIMUM_ENTRIES = 10_000;

    private final InputStream zip;
    private final XMLStreamReader xml;
    private final int maximum;
    private int line;

    private DocxParagraphs(InputStream zip, XMLStreamReader xml, int maximum) {
        this.zip = zip;
        this.xml = xml;
        this.maximum = maximum;
    }

    static DocxParagraphs open(InputStream in, Limits limits) throws IOException {
        ZipInputStream zip = new ZipInputStream(in);
        // Counts what comes out, so that a small file that unpacks to a large one is refused.
        InputStream bounded = new BoundedStream(zip, "What the Word document holds", limits.documentBytes());
        try {
            for (int entries = 0; entries < MAXIMUM_ENTRIES; entries++) {
                ZipEntry entry = zip.getNextEntry();
                if (entry == null) {
                    throw Detection.invalid("The file is a ZIP archive, but no Word document.");
                }
                if (entry.getName().equals(BODY)) {
                    return new DocxParagraphs(zip, reader(bounded), limits.rowBytes());
                }
                bounded.transferTo(OutputStream.nullOutputStream());
            }
            throw Detection.invalid("The Word document has more than " + MAXIMUM_ENTRIES + " parts.");
        } catch (ZipException | XMLStreamException e) {
            throw damaged();
        }
    }

    private static XMLStreamReader reader(InputStream body) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        return factory.createXMLStreamReader(body);
    }

    @Override
    public @Nullable String next() throws BadRow {
        StringBuilder text = new StringBuilder();
        boolean inText = false;
        boolean tooLong = false;
        try {
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    inText = xml.getLocalName().equals("t");
                    text.append(separator(xml.getLocalName()));
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    inText = false;
                    if (xml.getLocalName().equals("p")) {
                        line++;
                        if (tooLong) {
                            throw new BadRow("the paragraph is longer than " + maximum + " characters");
                        }
                        return text.append('\n').toString();
                    }
                } else if (inText && (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.SPACE)) {
                    tooLong |= text.length() + xml.getTextLength() > maximum;
                    text.append(tooLong ? "" : xml.getText());
                }
            }
            return null;
        } catch (XMLStreamException e) {
            throw damaged();
        }
    }

    private static String separator(String element) {
        return switch (element) {
            case "tab" -> "\t";
            case "br", "cr" -> "\n";
            default -> "";
        };
    }

    @Override
    public int line() {
        return line;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static RuntimeException damaged() {
        return Detection.invalid("The Word document is damaged.");
    }
}
