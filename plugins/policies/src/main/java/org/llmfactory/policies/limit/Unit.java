package org.llmfactory.policies.limit;

import org.llmfactory.api.error.ErrorCode;

/** What a limit counts. */
enum Unit {
    REQUESTS("requests", ErrorCode.RATE_LIMITED),
    TOKENS("tokens", ErrorCode.TOKENS_LIMITED);

    private final String label;
    private final ErrorCode refusal;

    Unit(String label, ErrorCode refusal) {
        this.label = label;
        this.refusal = refusal;
    }

    String label() {
        return label;
    }

    ErrorCode refusal() {
        return refusal;
    }
}
