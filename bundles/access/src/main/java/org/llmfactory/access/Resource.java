package org.llmfactory.access;

import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;

/**
 * What an action is done to.
 *
 * @param kind what it is
 * @param id what the caller calls it, for the message
 * @param project the project it belongs to; empty for what belongs to the organization
 * @param owner the principal it belongs to within the project
 * @param visibility who may know of it
 */
public record Resource(Kind kind, String id, Optional<String> project, Optional<String> owner, Visibility visibility) {
    /** Kinds of resources, as people call them. */
    public enum Kind {
        ORGANIZATION("organization"),
        PROJECT("project"),
        MODEL("model"),
        ADAPTER("adapter"),
        PRESET("preset"),
        CHAT("chat completion"),
        API_KEY("API key"),
        USER("user"),
        SERVICE_ACCOUNT("service account"),
        POLICY("content policy"),
        FILE("file"),
        JOB("job"),
        SEARCH("search"),
        EVALUATION("evaluation"),
        EVALUATION_RUN("evaluation run"),
        OUTPUT_ITEM("output item");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** For people to read, for example {@code API key}. */
        public String label() {
            return label;
        }
    }

    public Resource {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(visibility, "visibility");
    }

    /** The organization itself. */
    public static Resource organization() {
        return new Resource(Kind.ORGANIZATION, "", Optional.empty(), Optional.empty(), Visibility.PROJECT);
    }

    /** A project itself. */
    public static Resource project(String id) {
        return new Resource(Kind.PROJECT, id, Optional.of(id), Optional.empty(), Visibility.PROJECT);
    }

    /** Something that everyone in a project may know of. */
    public static Resource in(String project, Kind kind, String id) {
        return new Resource(kind, id, Optional.of(project), Optional.empty(), Visibility.PROJECT);
    }

    /** Something in a project that somebody owns. */
    public static Resource owned(String project, Kind kind, String id, String owner, Visibility visibility) {
        return new Resource(kind, id, Optional.of(project), Optional.of(owner), visibility);
    }

    public static Resource of(AdapterInfo adapter) {
        return owned(adapter.project(), Kind.ADAPTER, adapter.id(), adapter.owner(), adapter.visibility());
    }

    public static Resource of(Preset preset) {
        return owned(preset.project(), Kind.PRESET, preset.id(), preset.owner(), preset.visibility());
    }

    public static Resource of(StoredChat chat) {
        return owned(chat.project(), Kind.CHAT, chat.id(), chat.owner(), Visibility.PROJECT);
    }

    public static Resource of(FileInfo file) {
        return owned(file.project(), Kind.FILE, file.id(), file.owner(), Visibility.PROJECT);
    }

    public static Resource of(ApiKey key) {
        return new Resource(Kind.API_KEY, key.id(), key.project(), Optional.of(key.owner()), Visibility.PROJECT);
    }

    /**
     * What those hear for whom there is no such thing, whether it exists or not. Every resource that looks something up
     * says just this when it is not there.
     */
    public static FactoryException unknown(Kind kind, String id) {
        return switch (kind) {
            case MODEL ->
                FactoryException.ofParameter(
                        ErrorCode.MODEL_NOT_FOUND,
                        "model",
                        "The model '" + id + "' does not exist or you do not have access to it.");
            case ADAPTER, PRESET ->
                new FactoryException(
                        ErrorCode.MODEL_NOT_FOUND,
                        "The " + kind.label() + " '" + id + "' does not exist or you do not have access to it.");
            case ORGANIZATION,
                    PROJECT,
                    CHAT,
                    API_KEY,
                    USER,
                    SERVICE_ACCOUNT,
                    POLICY,
                    FILE,
                    JOB,
                    SEARCH,
                    EVALUATION,
                    EVALUATION_RUN,
                    OUTPUT_ITEM ->
                new FactoryException(
                        ErrorCode.NOT_FOUND, "No " + kind.label() + " '" + id + "', or you do not have access to it.");
        };
    }
}
