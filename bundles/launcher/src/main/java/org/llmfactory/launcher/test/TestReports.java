package org.llmfactory.launcher.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.llmfactory.launcher.LauncherException;

/** The XML reports that Surefire and Failsafe leave in every module. */
public final class TestReports {
    private static final int DEPTH = 6;

    private final Path root;

    public TestReports(Path root) {
        this.root = root;
    }

    /** Removes the reports of earlier runs. */
    public void clear() throws IOException {
        for (Path report : reports()) {
            Files.delete(report);
        }
    }

    public TestCount count() throws IOException {
        TestCount sum = new TestCount(0, 0);
        for (Path report : reports()) {
            sum = sum.plus(count(report));
        }
        return sum;
    }

    private List<Path> reports() throws IOException {
        try (Stream<Path> files = Files.find(root, DEPTH, (file, attributes) -> isReport(file))) {
            return files.toList();
        }
    }

    private static boolean isReport(Path file) {
        Path name = file.getFileName();
        Path parent = file.getParent();
        return name != null
                && parent != null
                && name.toString().startsWith("TEST-")
                && name.toString().endsWith(".xml")
                && parent.toString().endsWith("-reports");
    }

    private static TestCount count(Path report) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            reader.nextTag();
            int failed = number(reader, "failures") + number(reader, "errors");
            return new TestCount(number(reader, "tests") - failed - number(reader, "skipped"), failed);
        } catch (XMLStreamException e) {
            throw new LauncherException("The test report " + report + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static int number(XMLStreamReader reader, String attribute) {
        return Integer.parseInt(reader.getAttributeValue(null, attribute));
    }
}
