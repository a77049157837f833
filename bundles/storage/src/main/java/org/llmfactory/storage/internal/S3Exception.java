package org.llmfactory.storage.internal;

import java.io.IOException;

/** The S3 server refused a request. */
final class S3Exception extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    /**
     * Says what it answered.
     *
     * @param status of HTTP
     * @param code S3's word for it, such as {@code NoSuchKey}
     */
    S3Exception(int status, String code, String message, Throwable cause) {
        super("The object store answered " + status + " " + code + ": " + message, cause);
        this.status = status;
        this.code = code;
    }

    /** There is no such object; that there is no such bucket is another matter. */
    boolean absent() {
        return code.equals("NoSuchKey");
    }

    /** There is no such upload, it was ended or aborted. */
    boolean noSuchUpload() {
        return code.equals("NoSuchUpload");
    }

    /** The object is not, or is no longer, what the request was conditional on. */
    boolean conditionFailed() {
        return status == 412 || status == 409;
    }

    /** The object ends before the bytes that were asked for. */
    boolean beyondTheEnd() {
        return status == 416;
    }
}
