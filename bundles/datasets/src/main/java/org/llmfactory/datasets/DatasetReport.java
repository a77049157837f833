package org.llmfactory.datasets;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a file of training data holds, told by reading it once.
 *
 * @param format see {@link Format#label()}
 * @param rows that can be used
 * @param problems the first {@value ReportBuilder#MAXIMUM_PROBLEMS} of those that cannot
 * @param problemCount of all
 * @param characters of the rows, in UTF-16 units
 * @param tokens of the rows, without what a chat template adds; null when nothing counted them
 * @param duplicates rows that say the same as one before
 * @param turns messages of a row
 * @param roles how many messages each role has
 * @param trainedShare of all messages, those that are learned; 1 for text
 * @param personalData what looks like personal data, by {@link PersonalData#label()}; those that do not occur are absent
 */
public record DatasetReport(
        String format,
        int rows,
        List<RowProblem> problems,
        int problemCount,
        Lengths characters,
        @Nullable Lengths tokens,
        Occurrences duplicates,
        Lengths turns,
        Map<String, Integer> roles,
        double trainedShare,
        Map<String, Occurrences> personalData) {
    public DatasetReport {
        problems = List.copyOf(problems);
        roles = Map.copyOf(roles);
        personalData = Map.copyOf(personalData);
    }

    /**
     * In how many rows something occurs.
     *
     * @param lines of the first {@value ReportBuilder#MAXIMUM_LINES}
     */
    public record Occurrences(int rows, List<Integer> lines) {
        public Occurrences {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Reads a file to its end; closes it.
     *
     * @param tokens counts the tokens of a text
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when it cannot be read at all
     */
    public static DatasetReport of(String filename, InputStream content, Optional<ToIntFunction<String>> tokens) {
        ReportBuilder report = new ReportBuilder(tokens);
        try (DatasetReader reader = DatasetReader.open(filename, content, Limits.DEFAULT, report::add)) {
            reader.forEachRemaining(report::add);
            return report.build(reader.format());
        }
    }
}
