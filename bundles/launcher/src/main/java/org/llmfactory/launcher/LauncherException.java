package org.llmfactory.launcher;

import org.jspecify.annotations.Nullable;

/** A command failed. The message is shown to the person at the terminal and says what to do. */
public final class LauncherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LauncherException(String message) {
        super(message);
    }

    public LauncherException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
