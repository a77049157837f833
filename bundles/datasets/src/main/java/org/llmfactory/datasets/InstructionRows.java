package org.llmfactory.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Alpaca's rows: {@code instruction}, {@code output}, and any of {@code input}, {@code history}, {@code system} and {@code
 * tools}. The answers of the history are learned like the last one.
 */
final class InstructionRows {
    private InstructionRows() {}

    static Row row(int line, ObjectNode row) throws BadRow {
        List<Message> messages = new ArrayList<>();
        Optional<String> system = Fields.optional(row, "system").filter(text -> !text.isBlank());
        system.ifPresent(text -> messages.add(message("system", text)));
        for (JsonNode turn : Fields.array(row.get("history"), "history")) {
            if (!turn.isArray()
                    || turn.size() != 2
                    || !turn.get(0).isTextual()
                    || !turn.get(1).isTextual()) {
                throw new BadRow("a turn of the history is an array of a question and its answer");
            }
            messages.add(message("user", turn.get(0).textValue()));
            messages.add(message("assistant", turn.get(1).textValue()));
        }
        String instruction = Fields.string(row, "instruction");
        String input = Fields.optional(row, "input").orElse("");
        String question = input.isBlank() ? instruction : instruction.isBlank() ? input : instruction + '\n' + input;
        if (question.isBlank()) {
            throw new BadRow("instruction and input are empty");
        }
        String output = Fields.string(row, "output");
        if (output.isBlank()) {
            throw new BadRow("the output is empty, so there is no answer to learn");
        }
        messages.add(message("user", question));
        messages.add(message("assistant", output));
        return ChatRows.conversation(line, messages, Fields.tools(row));
    }

    private static Message message(String role, String text) {
        return new Message(Map.of("role", role, "content", text), role.equals("assistant"));
    }
}
