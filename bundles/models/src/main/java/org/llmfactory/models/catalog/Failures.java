package org.llmfactory.models.catalog;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.NoSuchFileException;

/** What an exception means to people. */
final class Failures {
    private Failures() {}

    static String reason(Throwable failure) {
        if (failure instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        boolean unresolved =
                failure instanceof UnknownHostException || failure.getCause() instanceof UnresolvedAddressException;
        if (unresolved) {
            return "the host is not known here";
        }
        if (failure instanceof ConnectException) {
            return "no connection";
        }
        if (failure instanceof NoSuchFileException) {
            return "a file is missing";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
