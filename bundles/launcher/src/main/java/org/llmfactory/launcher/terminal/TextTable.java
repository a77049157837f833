package org.llmfactory.launcher.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows side by side; long cells are broken between words. */
public final class TextTable {
    private static final int WIDEST = 72;
    private static final String GAP = "  ";

    private final List<String> head;
    private final List<List<List<String>>> rows = new ArrayList<>();

    public TextTable(List<String> head) {
        this.head = List.copyOf(head);
    }

    public void row(String... cells) {
        rows.add(Stream.of(cells).map(TextTable::wrapped).toList());
    }

    /** The table, line by line. */
    public List<String> lines() {
        int[] widths = new int[head.size()];
        for (int column = 0; column < widths.length; column++) {
            int place = column;
            widths[column] = Stream.concat(
                            Stream.of(head.get(column)), rows.stream().flatMap(row -> row.get(place).stream()))
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(head, widths));
        for (List<List<String>> row : rows) {
            int height = row.stream().mapToInt(List::size).max().orElse(0);
            for (int i = 0; i < height; i++) {
                int place = i;
                lines.add(line(
                        row.stream()
                                .map(cell -> place < cell.size() ? cell.get(place) : "")
                                .toList(),
                        widths));
            }
        }
        return lines;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private static List<String> wrapped(String text) {
        return text.lines().flatMap(TextTable::wrappedLine).collect(Collectors.toList());
    }

    private static Stream<String> wrappedLine(String text) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (rest.length() > WIDEST) {
            int space = rest.lastIndexOf(' ', WIDEST);
            int end = space > 0 ? space : WIDEST;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        lines.add(rest);
        return lines.stream();
    }
}
