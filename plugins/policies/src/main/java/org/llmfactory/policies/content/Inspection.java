package org.llmfactory.policies.content;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Classification;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.policies.content.RuleSet.Match;

/** One request's way through a policy: its input, its answers, and what was found. Confined to one thread. */
public final class Inspection {
    private final ActivePolicy policy;
    private final Classifiers classifiers;
    private final Findings findings = new Findings();

    Inspection(ActivePolicy policy, Classifiers classifiers) {
        this.policy = policy;
        this.classifiers = classifiers;
    }

    /**
     * Looks at what the caller wrote.
     *
     * @throws FactoryException {@code CONTENT_BLOCKED} naming policy and rule, never the text
     */
    public void input(List<String> texts) {
        for (String text : texts) {
            for (Match match : policy.input().firstMatches(text)) {
                findings.add(match.rule().name(), match.rule().action());
                if (match.rule().action() == RuleAction.BLOCK) {
                    throw blocked(match.rule().name(), match.rule().message());
                }
            }
        }
        Optional<ClassifierRule> classifier = policy.classifier(Direction.INPUT);
        if (classifier.isPresent()) {
            for (String text : texts) {
                if (stops(classifier.get(), text)) {
                    throw blocked(classifier.get().ruleName(), Optional.empty());
                }
            }
        }
    }

    /** A screen for one answer. */
    public OutputScreen screen() {
        OutputScreen rules = policy.output().isEmpty()
                ? OutputScreen.OPEN
                : new RuleScreen(policy.output(), policy.window(), findings);
        return policy.classifier(Direction.OUTPUT)
                .<OutputScreen>map(classifier ->
                        new ScreenChain(new ClassifierScreen(policy.window(), text -> stops(classifier, text)), rules))
                .orElse(rules);
    }

    public Verdict verdict() {
        return findings.verdict();
    }

    /** Names of the rules that found something, in the order of the alphabet. */
    public List<String> rules() {
        return findings.rules();
    }

    /** The policy and its verdict, as the audit log keeps them. */
    public Map<String, Object> details() {
        return Map.of(
                "id", policy.stored().id(),
                "name", policy.stored().name(),
                "version", policy.stored().version(),
                "verdict", verdict().label(),
                "rules", rules());
    }

    private boolean stops(ClassifierRule rule, String text) {
        Optional<Classification> classification = classifiers.classify(rule.name(), text);
        if (classification.isEmpty()) {
            RuleAction action = rule.blocksWhenMissing() ? RuleAction.BLOCK : RuleAction.FLAG;
            findings.add("classifier:" + rule.name() + ":missing", action);
            return rule.blocksWhenMissing();
        }
        boolean applies = rule.applies(classification.get());
        if (applies) {
            findings.add(rule.ruleName(), rule.action());
        }
        return applies && rule.action() == RuleAction.BLOCK;
    }

    private FactoryException blocked(String rule, Optional<String> message) {
        return new FactoryException(
                ErrorCode.CONTENT_BLOCKED,
                "The content policy " + policy.label() + " does not let this through (rule '" + rule + "')."
                        + message.map(text -> " " + text).orElse(""));
    }
}
