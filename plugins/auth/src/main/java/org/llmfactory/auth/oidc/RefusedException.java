package org.llmfactory.auth.oidc;

/** Nobody was signed in through the provider. The message is for the log; the cause tells which page people see. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why, as people are told. */
    public enum Reason {
        /** The provider refused, cannot be reached, or sent something that cannot be trusted. */
        PROVIDER("provider"),
        /** The provider has not verified the address. */
        UNVERIFIED("unverified"),
        /** This sign-in was not begun here, not in this browser, or too long ago. */
        EXPIRED("expired");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** How the sign-in page is told. */
        public String code() {
            return code;
        }
    }

    RefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    RefusedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
