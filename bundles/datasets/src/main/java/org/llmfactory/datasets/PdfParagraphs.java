package org.llmfactory.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;

/** The text of a PDF page by page. The file lies on disk meanwhile, since PDF is read from its end. */
final class PdfParagraphs implements Paragraphs {
    private final Path file;
    private final PDDocument document;
    private final int maximum;
    private int page;

    private PdfParagraphs(Path file, PDDocument document, int maximum) {
        this.file = file;
        this.document = document;
        this.maximum = maximum;
    }

    static PdfParagraphs open(InputStream in, Limits limits) throws IOException {
        Path file = Files.createTempFile("dataset", ".pdf");
        try {
            try (InputStream bounded = new BoundedStream(in, "The PDF", limits.documentBytes())) {
                Files.copy(bounded, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return new PdfParagraphs(file, load(file, limits), limits.rowBytes());
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static PDDocument load(Path file, Limits limits) throws IOException {
        PDDocument document;
        try {
            document = Loader.loadPDF(file.toFile(), "", null, null, IOUtils.createTempFileOnlyStreamCache());
        } catch (InvalidPasswordException e) {
            throw Detection.invalid("The PDF is encrypted; send one without a password.");
        } catch (IOException | RuntimeException e) {
            throw Detection.invalid("The PDF is damaged.");
        }
        try {
            if (!document.getCurrentAccessPermission().canExtractContent()) {
                throw Detection.invalid("The PDF does not permit its text to be extracted.");
            }
            PdfStreams.check(document, limits.documentBytes());
            return document;
        } catch (IOException | RuntimeException e) {
            document.close();
            throw e;
        }
    }

    @Override
    public @Nullable String next() throws BadRow {
        if (page == document.getNumberOfPages()) {
            return null;
        }
        page++;
        try {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setStartPage(page);
            stripper.setEndPage(page);
            stripper.setSortByPosition(true);
            StringWriter text = new StringWriter();
            stripper.writeText(document, text);
            if (text.getBuffer().length() > maximum) {
                throw new BadRow("the page has more than " + maximum + " characters");
            }
            return text.toString();
        } catch (FactoryException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new BadRow("the page is damaged");
        }
    }

    @Override
    public int line() {
        return page;
    }

    @Override
    public void close() throws IOException {
        try {
            document.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
