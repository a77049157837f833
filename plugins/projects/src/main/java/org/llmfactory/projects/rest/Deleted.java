package org.llmfactory.projects.rest;

/** What was removed, as OpenAI says it. */
public record Deleted(String id, String object, boolean deleted) {
    public static Deleted of(String object, String id) {
        return new Deleted(id, object, true);
    }
}
