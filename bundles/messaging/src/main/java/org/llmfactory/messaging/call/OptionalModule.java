package org.llmfactory.messaging.call;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Optional} in JSON: absent, or {@code null}, when empty. */
final class OptionalModule {
    private OptionalModule() {}

    static SimpleModule create() {
        SimpleModule module = new SimpleModule("optional");
        module.addSerializer(Optional.class, new Writer());
        module.addDeserializer(Optional.class, new Reader(null));
        return module;
    }

    @SuppressWarnings("rawtypes")
    private static final class Writer extends JsonSerializer<Optional> {
        @Override
        public void serialize(Optional value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (value.isPresent()) {
                provider.defaultSerializeValue(value.get(), json);
            } else {
                json.writeNull();
            }
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Optional value) {
            return value.isEmpty();
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class Reader extends JsonDeserializer<Optional> implements ContextualDeserializer {
        private final @Nullable JavaType content;

        Reader(@Nullable JavaType content) {
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            JavaType type = context.getContextualType();
            JavaType wanted = type == null && property != null ? property.getType() : type;
            return new Reader(wanted == null ? null : wanted.containedType(0));
        }

        @Override
        public Optional deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return content == null
                    ? context.reportInputMismatch(Optional.class, "An optional of nothing in particular")
                    : Optional.of(context.readValue(parser, content));
        }

        @Override
        public Optional getNullValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }
}
