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
            JsonNode content = Terminal.JSON.readTree(Files.readAllBytes(file));
            if (content instanceof ObjectNode object) {
                return object;
            }
            throw new LauncherException(file + " holds no JSON object.");
        } catch (JsonProcessingException e) {
            throw new LauncherException(
                    file + " is no JSON, line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new LauncherException("The file " + file + " cannot be read.", e);
        }
    }
}
