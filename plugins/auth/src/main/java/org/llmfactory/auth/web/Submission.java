package org.llmfactory.auth.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

/**
 * What a page or a program sends: a form or a JSON object, from the body alone, so that no secret can come in a URL.
 *
 * @param form whether it was a form, whose sender expects to see a page
 */
record Submission(boolean form, Map<String, String> fields) {
    private static final int LONGEST = 1 << 16;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    Submission {
        fields = Map.copyOf(fields);
    }

    /**
     * Reads a body.
     *
     * @throws FactoryException for one that is too long, of another media type or malformed
     */
    static Submission of(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(LONGEST + 1);
        if (body.length > LONGEST) {
            throw new FactoryException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "The request body is larger than " + LONGEST + " bytes.");
        }
        return switch (mediaType(request)) {
            case FORM -> new Submission(true, form(new String(body, UTF_8)));
            case JSON -> new Submission(false, json(body));
            default ->
                throw new FactoryException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send a form or 'Content-Type: application/json'.");
        };
    }

    static boolean isForm(HttpServletRequest request) {
        return mediaType(request).equals(FORM);
    }

    private static String mediaType(HttpServletRequest request) {
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The form is malformed.");
        }
    }

    private static Map<String, String> json(byte[] body) throws IOException {
        ObjectNode node = (ObjectNode) Json.read(
                new ByteArrayInputStream(body), TypeFactory.defaultInstance().constructType(ObjectNode.class));
        JsonFields json = JsonFields.of(node);
        Map<String, String> fields = new HashMap<>();
        for (String name : json.names()) {
            json.string(name).ifPresent(text -> fields.put(name, text));
        }
        return fields;
    }

    /** @throws FactoryException {@code MISSING_PARAMETER} */
    String required(String name) {
        return optional(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> FactoryException.ofParameter(
                        ErrorCode.MISSING_PARAMETER, name, "Missing required parameter: '" + name + "'."));
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** Tells the names, not what was entered. */
    @Override
    public String toString() {
        return "Submission" + fields.keySet();
    }
}
