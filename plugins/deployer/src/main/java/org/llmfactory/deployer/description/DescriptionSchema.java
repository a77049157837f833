package org.llmfactory.deployer.description;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;

/** The published schema of descriptions. */
public final class DescriptionSchema {
    private static final String RESOURCE = "deployment.schema.json";
    private static final int SHOWN = 5;

    private final String text;
    private final JsonSchema schema;

    public DescriptionSchema() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // The validator looks for its own resources by way of the thread.
        thread.setContextClassLoader(DescriptionSchema.class.getClassLoader());
        try (InputStream in = DescriptionSchema.class.getResourceAsStream(RESOURCE)) {
            text = new String(in.readAllBytes(), UTF_8);
            schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Json.MAPPER.readTree(text));
            schema.initializeValidators();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(RESOURCE + " is no JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The schema as it is published. */
    public String text() {
        return text;
    }

    /**
     * Holds a description against the schema.
     *
     * @throws FactoryException {@code INVALID_VALUE} with what is wrong and where
     */
    void check(JsonNode description) {
        List<ValidationMessage> faults = schema.validate(description).stream()
                .sorted(Comparator.comparing(
                        fault -> fault.getInstanceLocation().toString()))
                .toList();
        if (!faults.isEmpty()) {
            List<String> sentences = faults.stream()
                    .limit(SHOWN)
                    .map(fault -> place(fault) + ": " + fault.getError())
                    .toList();
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    place(faults.get(0)),
                    "The description is not valid. " + String.join("; ", sentences) + ".");
        }
    }

    /** The path in the words of the rest of the interface: {@code plugins[0].count}. */
    private static String place(ValidationMessage fault) {
        String path = fault.getInstanceLocation().toString();
        String plain =
                path.replaceFirst("^[$/]\\.?", "").replaceAll("/(\\d+)", "[$1]").replace('/', '.');
        return plain.isEmpty() ? "description" : plain;
    }
}
