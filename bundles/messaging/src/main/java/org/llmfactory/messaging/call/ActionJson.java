package org.llmfactory.messaging.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;

/**
 * Arguments and results as JSON. Fields are named as the records' components; times, durations and addresses are text, bytes
 * are base64. What is absent is refused, unless it is an {@code Optional}; an argument that nobody knows is refused, a result's
 * field that the caller does not know is passed over, since the other agent may be newer.
 */
final class ActionJson {
    private static final int MAXIMUM_DEPTH = 32;
    private static final CoercionAction FAIL = CoercionAction.Fail;
    private static final JsonInclude.Value ABSENT_WHEN_EMPTY =
            JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS);

    private volatile JsonMapper mapper = create();

    /** Lets go of what the mapper remembers of classes, which may be those of a plugin that is gone. */
    void forget() {
        mapper = create();
    }

    byte[] write(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    value.getClass().getName() + " cannot be written as JSON; is it a record of the right types?", e);
        }
    }

    /** Reads an action's arguments. */
    <T> T readArguments(byte[] json, Class<T> type) {
        try {
            return nonNull(mapper.readValue(json, type));
        } catch (IOException e) {
            throw refused(e);
        }
    }

    /** Reads what another agent has answered. */
    <T> T readResult(byte[] json, Class<T> type, AgentAddress from) {
        try {
            return nonNull(mapper.readerFor(type)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(json));
        } catch (IOException | FactoryException e) {
            throw new FactoryException(
                    ErrorCode.INTERNAL,
                    "The agent " + from + " answered something else than was expected; are both of the same version?",
                    e);
        }
    }

    private static <T> T nonNull(@org.jspecify.annotations.Nullable T value) {
        if (value == null) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The arguments are no JSON object.");
        }
        return value;
    }

    private static FactoryException refused(IOException failure) {
        if (failure instanceof ValueInstantiationException instantiation && instantiation.getCause() != null) {
            return refusedByRecord(instantiation);
        }
        if (failure instanceof UnrecognizedPropertyException unknown) {
            return FactoryException.ofParameter(
                    ErrorCode.INVALID_REQUEST, path(unknown), "There is no argument '" + path(unknown) + "'.");
        }
        if (failure instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            return FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    path(mapping),
                    "The argument '" + path(mapping) + "' is missing, or is not of its type.");
        }
        return new FactoryException(ErrorCode.INVALID_REQUEST, "The arguments are no JSON object.", failure);
    }

    /** What the record's own constructor says. */
    private static FactoryException refusedByRecord(ValueInstantiationException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof FactoryException refusal) {
            return refusal;
        }
        String reason = cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? cause.getMessage()
                : "they do not fit together";
        return FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE, path(failure), "The arguments are refused: " + reason + ".");
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
        return path.toString();
    }

    private static JsonMapper create() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAXIMUM_DEPTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        SimpleModule texts = new SimpleModule("texts");
        addText(texts, Instant.class, Instant::parse);
        addText(texts, Duration.class, Duration::parse);
        addText(texts, AgentAddress.class, AgentAddress::parse);
        return JsonMapper.builder(factory)
                .addModule(texts)
                .addModule(OptionalModule.create())
                .withConfigOverride(Optional.class, optional -> optional.setInclude(ABSENT_WHEN_EMPTY))
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, FAIL)
                                .setCoercion(CoercionInputShape.Float, FAIL)
                                .setCoercion(CoercionInputShape.Boolean, FAIL))
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private static <T> void addText(SimpleModule module, Class<T> type, Function<String, T> parser) {
        module.addSerializer(type, ToStringSerializer.instance);
        module.addDeserializer(type, new JsonDeserializer<T>() {
            @Override
            public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
                if (!json.hasToken(JsonToken.VALUE_STRING)) {
                    return context.reportInputMismatch(type, "A text is expected");
                }
                try {
                    return parser.apply(json.getText());
                } catch (DateTimeException | IllegalArgumentException e) {
                    throw JsonMappingException.from(json, "The text is malformed", e);
                }
            }
        });
    }
}
