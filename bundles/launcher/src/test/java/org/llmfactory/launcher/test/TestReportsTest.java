package org.llmfactory.launcher.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestReportsTest {
    @TempDir
    Path root;

    @Test
    void reportsOfAllModulesAreAddedUp() throws IOException {
        report("bundles/a/target/surefire-reports/TEST-a.xml", 5, 1, 1, 1);
        report("itest/target/failsafe-reports/TEST-b.xml", 3, 0, 0, 0);
        Files.writeString(root.resolve("itest/target/failsafe-reports/failsafe-summary.xml"), "<failsafe-summary/>");

        assertThat(new TestReports(root).count()).isEqualTo(new TestCount(5, 2));
    }

    @Test
    void reportsOfEarlierRunsAreCleared() throws IOException {
        report("bundles/a/target/surefire-reports/TEST-a.xml", 5, 0, 0, 0);

        new TestReports(root).clear();

        assertThat(new TestReports(root).count()).isEqualTo(new TestCount(0, 0));
    }

    @Test
    void theSummariesOfPytestAndNodeAreUnderstood() {
        String output = "\u001B[32m12 passed\u001B[0m, 1 failed in 3.2s\n# tests 7\n# pass 6\n# fail 1\n";

        assertThat(TestCount.ofOutput(output)).isEqualTo(new TestCount(18, 2));
        assertThat(TestCount.ofOutput("ℹ pass 4\nℹ fail 0\n")).isEqualTo(new TestCount(4, 0));
    }

    private void report(String path, int tests, int failures, int errors, int skipped) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                String.format(
                        "<?xml version=\"1.0\"?><testsuite tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\"/>",
                        tests, failures, errors, skipped));
    }
}
