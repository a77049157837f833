package org.llmfactory.gateway.http;

import java.util.Collection;
import java.util.Map;
import org.llmfactory.rest.JsonFields;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How large a request may be. Checked on what the client sent, before anything is looked up or queued. */
@Component(service = RequestLimits.class, configurationPid = "org.llmfactory.gateway.requests")
@Designate(ocd = RequestLimits.Config.class)
public final class RequestLimits {
    /** Bounds of what a client may send. */
    @ObjectClassDefinition(name = "LLM Factory: size of requests")
    public @interface Config {
        @AttributeDefinition(description = "Messages of one conversation")
        int maxMessages() default 2048;

        @AttributeDefinition(description = "Characters of all texts of one request")
        int maxInputCharacters() default 1_000_000;

        @AttributeDefinition(description = "Tools that one request may define")
        int maxTools() default 128;
    }

    private final Config config;

    @Activate
    public RequestLimits(Config config) {
        this.config = config;
    }

    public int messages() {
        return config.maxMessages();
    }

    public int tools() {
        return config.maxTools();
    }

    /** Counts the characters of one request. */
    public Characters characters() {
        return new Characters(config.maxInputCharacters());
    }

    /** The characters of one request so far. */
    public static final class Characters {
        private final int limit;
        private long count;

        private Characters(int limit) {
            this.limit = limit;
        }

        /**
         * Counts the strings in a value as JSON has it.
         *
         * @param path where it stands
         * @throws org.llmfactory.api.error.FactoryException {@code INVALID_VALUE} when there are too many by now
         */
        public void add(Object value, String path) {
            count += length(value);
            if (count > limit) {
                throw JsonFields.invalidAt(
                        path,
                        "the texts of a request may have " + limit + " characters in all, and here they have more");
            }
        }

        private static long length(Object value) {
            if (value instanceof String text) {
                return text.length();
            }
            if (value instanceof Map<?, ?> map) {
                return length(map.values());
            }
            return value instanceof Collection<?> values
                    ? values.stream().mapToLong(Characters::length).sum()
                    : 0;
        }
    }
}
