package org.llmfactory.policies.content;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What was found in one request so far: the rules, by name, and the worst that came of it. */
final class Findings {
    private final Set<String> rules = new TreeSet<>();
    private Verdict verdict = Verdict.PASSED;

    void add(String rule, RuleAction action) {
        rules.add(rule);
        if (action.verdict().compareTo(verdict) > 0) {
            verdict = action.verdict();
        }
    }

    Verdict verdict() {
        return verdict;
    }

    List<String> rules() {
        return List.copyOf(rules);
    }
}
