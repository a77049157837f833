package org.llmfactory.rest;

/** Names of the request attributes (servlet and JAX-RS) that the filters leave for those behind them. */
public final class RequestAttributes {
    /** The id sent back as {@code x-request-id}, a String. */
    public static final String REQUEST_ID = "org.llmfactory.request.id";

    /** {@link System#nanoTime()} at arrival, a Long. */
    public static final String STARTED = "org.llmfactory.request.started";

    /** The path as the client wrote it, before a base path was put in front, a String. */
    public static final String PATH = "org.llmfactory.request.path";

    /** The client's network address, a String. */
    public static final String ADDRESS = "org.llmfactory.request.address";

    /** Nanoseconds it took to find out who is calling, a Long. */
    public static final String AUTHENTICATION_NANOS = "org.llmfactory.request.authentication";

    private RequestAttributes() {}
}
