package org.llmfactory.datasets;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what a test wrote. */
final class Read {
    private Read() {}

    static List<Row> rows(String filename, byte[] content) {
        List<Row> rows = new ArrayList<>();
        try (DatasetReader reader = DatasetReader.open(filename, new ByteArrayInputStream(content))) {
            reader.forEachRemaining(rows::add);
        }
        return rows;
    }

    static List<Row> rows(String filename, String content) {
        return rows(filename, content.getBytes(StandardCharsets.UTF_8));
    }

    static Row.Conversation conversation(String content) {
        return (Row.Conversation) rows("data.jsonl", content).get(0);
    }

    /** The problems of a file, whose other rows are read. */
    static List<RowProblem> problems(byte[] content, Limits limits) {
        List<RowProblem> problems = new ArrayList<>();
        try (DatasetReader reader =
                DatasetReader.open("data.jsonl", new ByteArrayInputStream(content), limits, problems::add)) {
            reader.forEachRemaining(row -> {});
        }
        return problems;
    }

    static List<RowProblem> problems(String content) {
        return problems(content.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    static String chat(String question, String answer) {
        return """
                {"messages":[{"role":"user","content":"%s"},{"role":"assistant","content":"%s"}]}
                """.formatted(question, answer);
    }
}
