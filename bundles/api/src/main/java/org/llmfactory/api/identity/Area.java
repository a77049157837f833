package org.llmfactory.api.identity;

/** A part of the interface that an API key can be narrowed to. */
public enum Area {
    /** Calling models, listing them, stored chats. */
    INFERENCE,
    /** Adapters and presets. */
    ADAPTERS,
    /** Files, datasets, training. */
    DATA,
    /** Usage and audit. */
    REPORTS,
    /** Projects, people, keys, settings, policies. */
    ADMINISTRATION,
    /** The agent itself: plugins, metrics, the Web Console. */
    PLATFORM
}
