package org.llmfactory.rest;

import javax.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Wording of the failures that have no exception of their own. */
public final class FailureText {
    private FailureText() {}

    /** OpenAI's words for a URL that does not exist. */
    public static String invalidUrl(String method, String path) {
        return "Invalid URL (" + method + " " + path + ")";
    }

    /** A failure of the platform, which the caller can only report. */
    public static FactoryException internal(String requestId) {
        return new FactoryException(
                ErrorCode.INTERNAL,
                "The server had an error while processing your request. The server's log has it under the request id "
                        + requestId + ".");
    }

    /** The path as the client wrote it. */
    public static String path(HttpServletRequest request) {
        return request.getAttribute(RequestAttributes.PATH) instanceof String path ? path : request.getRequestURI();
    }

    /** The first throwable of a type in a chain of causes, or null. */
    static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
