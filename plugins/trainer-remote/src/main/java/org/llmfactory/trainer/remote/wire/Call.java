package org.llmfactory.trainer.remote.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.llmfactory.rest.Json;

/**
 * What a node asks of the controller: something of the object store, or that the run's listener hears something.
 *
 * @param action what is wanted
 * @param key of an object, or a prefix; empty where there is none
 * @param number of the byte to begin with, or of an open object
 * @param event what the listener is to hear; null otherwise
 */
public record Call(Action action, String key, long number, JsonNode event) {
    /** What can be asked for. */
    public enum Action {
        STAT,
        OPEN,
        READ,
        CLOSE,
        LIST,
        PUT,
        DELETE,
        DELETE_ALL,
        PLANNED,
        STEPPED,
        SAVED,
        ENDED,
        FAILED
    }

    /** Something of an object or a prefix. */
    public static Call of(Action action, String key) {
        return new Call(action, key, 0, NullNode.instance);
    }

    /** An object from a byte on. */
    public static Call open(String key, long offset) {
        return new Call(Action.OPEN, key, offset, NullNode.instance);
    }

    /** Something of an open object. */
    public static Call of(Action action, long handle) {
        return new Call(action, "", handle, NullNode.instance);
    }

    /** Something for the listener. */
    public static Call tell(Action action, Object event) {
        return new Call(action, "", 0, Json.MAPPER.valueToTree(event));
    }

    /** What the listener is to hear. */
    public <T> T event(Class<T> type) {
        return Json.MAPPER.convertValue(event, type);
    }
}
