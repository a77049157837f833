package org.llmfactory.files.store;

/** Where contents lie in the object store. */
final class Keys {
    static final String PROJECTS = "projects";
    static final String FILES = "files";
    static final String UPLOADS = "uploads";

    private Keys() {}

    static String file(String project, String id) {
        return PROJECTS + '/' + project + '/' + FILES + '/' + id;
    }

    static String part(String project, String upload, String part) {
        return PROJECTS + '/' + project + '/' + UPLOADS + '/' + upload + '/' + part;
    }
}
