package org.llmfactory.policies.content;

import org.llmfactory.api.governance.OutputScreen;

/** Two screens, one behind the other. */
record ScreenChain(OutputScreen first, OutputScreen second) implements OutputScreen {
    @Override
    public String accept(String text) {
        return pass(first.accept(text));
    }

    @Override
    public String finish() {
        String passed = pass(first.finish());
        return first.isBlocked() ? passed : passed + second.finish();
    }

    /** Where the first one ends the answer, what it let pass is the whole of it. */
    private String pass(String text) {
        String passed = second.accept(text);
        return first.isBlocked() ? passed + second.finish() : passed;
    }

    @Override
    public boolean isBlocked() {
        return first.isBlocked() || second.isBlocked();
    }
}
