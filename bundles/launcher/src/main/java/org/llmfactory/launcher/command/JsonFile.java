package org.llmfactory.launcher.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.terminal.Terminal;

/** Reads a JSON object that a person wrote. */
final class JsonFile {
    private JsonFile() {}

    static ObjectNode read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new LauncherException("The file " + file + " cannot be read.", e);
        }
    }

    /** Reads what stands elsewhere than in a file; {@code where} names it. */
    static ObjectNode parse(String where, String text) {
        try {
            JsonNode content = Terminal.JSON.readTree(text);
            if (content instanceof ObjectNode object) {
                return object;
            }
            throw new LauncherException(where + " holds no JSON object.");
        } catch (JsonProcessingException e) {
            throw new LauncherException(
                    where + " is no JSON, line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        }
    }
}
