package org.llmfactory.rest;

/** How browsers carry a session. */
public final class Sessions {
    /** The cookie that holds it. */
    public static final String COOKIE = "llmfactory_session";

    /** The header that every changing request of a page brings, with the token that came at sign-in. */
    public static final String CSRF_HEADER = "X-CSRF-Token";

    private Sessions() {}
}
