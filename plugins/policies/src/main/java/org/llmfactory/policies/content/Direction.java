package org.llmfactory.policies.content;

/** Which texts a rule looks at. */
enum Direction {
    INPUT,
    OUTPUT,
    BOTH;

    boolean covers(Direction one) {
        return this == BOTH || this == one;
    }
}
