package org.llmfactory.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * JSON as the REST interfaces speak it: snake_case names, strict types, bounded nesting, no duplicate names, and errors
 * that name the place.
 */
public final class Json {
    /** Arrays and objects inside one another that a request may have. */
    public static final int MAXIMUM_NESTING = 100;

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /** The shared mapper; do not reconfigure. */
    public static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAXIMUM_NESTING)
                            .maxNumberLength(100)
                            .maxNameLength(4096)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, Json::refuseScalars)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private Json() {}

    /** A number is no string, however easily it could be made one. */
    private static void refuseScalars(MutableCoercionConfig coercions) {
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            coercions.setCoercion(shape, CoercionAction.Fail);
        }
    }

    /**
     * Reads a request body.
     *
     * @throws FactoryException for malformed JSON and for values that do not fit {@code type}, with the JSON path
     * @throws IOException when the body cannot be received
     */
    public static Object read(InputStream body, JavaType type) throws IOException {
        try {
            Object value = MAPPER.readValue(body, type);
            if (value == null) {
                throw new FactoryException(ErrorCode.INVALID_REQUEST, "The request body is null; send a JSON object.");
            }
            return value;
        } catch (JsonProcessingException failure) {
            throw refusal(failure);
        }
    }

    /** An object as maps, lists, strings, numbers and booleans. */
    public static Map<String, Object> map(Object object) {
        return MAPPER.convertValue(object, MAP);
    }

    /** A value as text, for a cell of a table. */
    public static String text(Object value) {
        return new String(write(value), StandardCharsets.UTF_8);
    }

    /**
     * What {@link #text} gave.
     *
     * @throws IllegalStateException when it is something else
     */
    public static <T> T stored(String text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row of a table is damaged", e);
        }
    }

    /** Writes a value on one line. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JacksonException failure) {
            throw new IllegalStateException("a response that is no JSON: " + value.getClass(), failure);
        }
    }

    private static FactoryException refusal(JsonProcessingException failure) {
        if (FailureText.find(failure, StreamConstraintsException.class) != null) {
            return new FactoryException(
                    ErrorCode.INVALID_REQUEST,
                    "The JSON body goes over a limit (nesting of " + MAXIMUM_NESTING
                            + ", numbers of 100 digits, names of 4096 characters)" + place(failure) + ".",
                    failure);
        }
        if (failure instanceof MismatchedInputException
                && failure.getOriginalMessage().startsWith("No content")) {
            return new FactoryException(
                    ErrorCode.INVALID_REQUEST, "The request body is empty; send a JSON object.", failure);
        }
        boolean malformed = FailureText.find(failure, JsonParseException.class) != null
                || failure.getOriginalMessage().startsWith("Trailing token");
        if (failure instanceof JsonMappingException mapping && !malformed) {
            return mismatch(mapping);
        }
        return new FactoryException(
                ErrorCode.INVALID_REQUEST, "The request body is not valid JSON" + place(failure) + ".", failure);
    }

    private static FactoryException mismatch(JsonMappingException failure) {
        String path = path(failure);
        String message = "The value of '" + path + "' has the wrong type" + place(failure) + ".";
        return FactoryException.ofParameter(ErrorCode.INVALID_TYPE, path, message);
    }

    private static String path(JsonMappingException failure) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : failure.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.isEmpty() ? "body" : path.toString();
    }

    private static String place(JsonProcessingException failure) {
        @Nullable JsonLocation location = failure.getLocation();
        if (location == null || location.getLineNr() < 1) {
            return "";
        }
        return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
