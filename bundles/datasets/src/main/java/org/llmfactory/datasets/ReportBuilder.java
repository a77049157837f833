package org.llmfactory.datasets;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** Adds rows up to a {@link DatasetReport}. */
final class ReportBuilder {
    static final int MAXIMUM_PROBLEMS = 100;
    static final int MAXIMUM_LINES = 10;

    private final Optional<ToIntFunction<String>> counter;
    private final List<RowProblem> problems = new ArrayList<>();
    private final Lengths.Collector characters = new Lengths.Collector();
    private final Lengths.Collector tokens = new Lengths.Collector();
    private final Lengths.Collector turns = new Lengths.Collector();
    private final Map<String, Integer> roles = new TreeMap<>();
    private final Map<PersonalData, Lines> personal = new EnumMap<>(PersonalData.class);
    private final Lines duplicates = new Lines();
    private final Fingerprints fingerprints = new Fingerprints();
    private int rows;
    private int problemCount;
    private int messages;
    private int trained;

    ReportBuilder(Optional<ToIntFunction<String>> counter) {
        this.counter = counter;
    }

    /** Rows counted, and the first of them. */
    private static final class Lines {
        private final List<Integer> first = new ArrayList<>();
        private int count;

        void add(int line) {
            count++;
            if (first.size() < MAXIMUM_LINES) {
                first.add(line);
            }
        }

        DatasetReport.Occurrences occurrences() {
            return new DatasetReport.Occurrences(count, first);
        }
    }

    void add(RowProblem problem) {
        problemCount++;
        if (problems.size() < MAXIMUM_PROBLEMS) {
            problems.add(problem);
        }
    }

    void add(Row row) {
        rows++;
        String text = RowTexts.text(row);
        characters.add(text.length());
        counter.ifPresent(count -> tokens.add(count.applyAsInt(text)));
        PersonalData.in(text)
                .forEach(kind ->
                        personal.computeIfAbsent(kind, first -> new Lines()).add(row.line()));
        if (fingerprints.seen(row).isPresent()) {
            duplicates.add(row.line());
        }
        int before = messages;
        RowTexts.messages(row, message -> {
            messages++;
            roles.merge(Message.roleOf(message), 1, Integer::sum);
        });
        turns.add(messages - before);
        trained += trained(row);
    }

    private static int trained(Row row) {
        if (row instanceof Row.Conversation conversation) {
            return (int)
                    conversation.messages().stream().filter(Message::trained).count();
        }
        return row instanceof Row.Preference preference
                ? preference.preferred().size() + preference.other().size()
                : 0;
    }

    DatasetReport build(Format format) {
        Map<String, DatasetReport.Occurrences> found = new LinkedHashMap<>();
        personal.forEach((kind, lines) -> found.put(kind.label(), lines.occurrences()));
        return new DatasetReport(
                format.label(),
                rows,
                problems,
                problemCount,
                characters.summary(),
                counter.isPresent() ? tokens.summary() : null,
                duplicates.occurrences(),
                turns.summary(),
                roles,
                messages == 0 ? 1 : (double) trained / messages,
                found);
    }
}
