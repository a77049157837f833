package org.llmfactory.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.FactoryException;

final class DocumentsTest {
    private static final String WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    @Test
    void htmlIsWhatBrowsersShow() {
        String page = """
                <html><head><title>T</title><style>p{}</style></head><body><h1>Doses</h1><script>x()</script>
                <p>Take <b>one</b>
                daily.</p><ul><li>a</li><li>b</li></ul><table><tr><td>1</td><td>2</td></tr></table><pre>x
                  y</pre></body></html>
                """;

        assertThat(((Row.Text) Read.rows("page.html", page).get(0)).text())
                .startsWith("Doses\nTake one daily.\n\na\nb\n1 2\n")
                .endsWith("x\n  y")
                .doesNotContain("x()", "p{}");
    }

    @Test
    void aWordDocumentIsItsParagraphs() throws IOException {
        String body = paragraph("<w:t>Hello </w:t></w:r><w:r><w:tab/><w:t>world</w:t>")
                + paragraph("<w:delText>gone</w:delText><w:br/><w:t>Second</w:t>");

        assertThat(Read.rows("letter.docx", docx(body))).containsExactly(new Row.Text(1, "Hello \tworld\n\n\nSecond"));
    }

    @Test
    void aWordDocumentReachesForNothingOutside() throws IOException {
        byte[] hostile = zip(
                "word/document.xml",
                ("<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><w:document xmlns:w=\"" + WORD
                                + "\"><w:p><w:t>&x;</w:t></w:p></w:document>")
                        .getBytes(StandardCharsets.UTF_8));

        assertInvalid("letter.docx", hostile, "damaged");
    }

    @Test
    void archivesThatUnpackToMuchAreRefused() throws IOException {
        byte[] bomb = zip("word/media/image1.png", new byte[2_000_000]);
        byte[] body = docx(paragraph("<w:t>" + "a".repeat(2_000_000) + "</w:t>"));
        Limits small = new Limits(1 << 20, 1 << 20);

        for (byte[] file : new byte[][] {bomb, body}) {
            assertThat(file).hasSizeLessThan(1 << 17);
            assertThatThrownBy(() -> {
                        try (DatasetReader reader =
                                DatasetReader.open("x.docx", new ByteArrayInputStream(file), small, problem -> {})) {
                            reader.forEachRemaining(row -> {});
                        }
                    })
                    .hasMessageContaining("larger than 1048576 bytes");
        }
    }

    @Test
    void otherArchivesAreNoWordDocuments() throws IOException {
        assertInvalid("x.docx", zip("a.txt", new byte[10]), "no Word document");
        byte[] cut = Arrays.copyOf(docx(paragraph("<w:t>Hello</w:t>")), 120);
        assertInvalid("x.docx", cut, "");
    }

    @Test
    void aPdfIsThePagesOfIt() throws IOException {
        assertThat(Read.rows("a.pdf", pdf("")).get(0)).isEqualTo(new Row.Text(1, "First page\n\nSecond page"));
    }

    @Test
    void pdfsThatAreEncryptedDamagedOrPackedTightAreRefused() throws IOException {
        assertInvalid("a.pdf", pdf("secret"), "encrypted");
        assertInvalid("a.pdf", "%PDF-1.7\nnonsense".getBytes(StandardCharsets.UTF_8), "damaged");
        byte[] file = pdf("");
        Limits small = new Limits(1 << 20, 2_000);
        assertThat(file).hasSizeLessThan(2_000);
        byte[] packed = pdfOf(document -> {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                for (int i = 0; i < 5_000; i++) {
                    content.addComment("the same again");
                }
            }
        });
        assertThat(packed).hasSizeLessThan(2_000);
        assertThatThrownBy(() -> DatasetReader.open("a.pdf", new ByteArrayInputStream(packed), small, problem -> {}))
                .hasMessageContaining("larger than");
    }

    private static void assertInvalid(String name, byte[] content, String message) {
        assertThatThrownBy(() -> Read.rows(name, content))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining(message);
    }

    private static String paragraph(String runs) {
        return "<w:p><w:r>" + runs + "</w:r></w:p>";
    }

    private static byte[] docx(String body) throws IOException {
        String xml = "<?xml version=\"1.0\"?><w:document xmlns:w=\"" + WORD + "\"><w:body>" + body
                + "</w:body></w:document>";
        return zip("word/document.xml", xml.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private interface Filling {
        void fill(PDDocument document) throws IOException;
    }

    private static byte[] pdfOf(Filling filling) throws IOException {
        try (PDDocument document = new PDDocument()) {
            filling.fill(document);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private static byte[] pdf(String password) throws IOException {
        return pdfOf(document -> {
            for (String text : new String[] {"First page", "Second page"}) {
                PDPage page = new PDPage();
                document.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    content.beginText();
                    content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                    content.newLineAtOffset(50, 700);
                    content.showText(text);
                    content.endText();
                }
            }
            if (!password.isEmpty()) {
                document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
            }
        });
    }
}
