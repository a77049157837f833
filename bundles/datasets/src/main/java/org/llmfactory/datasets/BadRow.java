package org.llmfactory.datasets;

/** A row that cannot be used; those after it can. */
final class BadRow extends Exception {
    private static final long serialVersionUID = 1L;

    private final String problem;

    BadRow(String problem) {
        super(problem);
        this.problem = problem;
    }

    String problem() {
        return problem;
    }
}
