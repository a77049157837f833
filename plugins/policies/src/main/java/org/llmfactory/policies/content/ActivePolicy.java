package org.llmfactory.policies.content;

import java.util.Optional;

/** A policy's newest version, compiled. Immutable. */
public final class ActivePolicy {
    private final StoredPolicy stored;
    private final PolicyDefinition definition;
    private final RuleSet input;
    private final RuleSet output;

    /**
     * Compiles a policy.
     *
     * @throws org.llmfactory.api.error.FactoryException when its definition cannot be read
     */
    static ActivePolicy compile(StoredPolicy stored) {
        PolicyDefinition definition = DefinitionJson.parse(stored.definition());
        return new ActivePolicy(
                stored,
                definition,
                new RuleSet(definition.rules(), Direction.INPUT),
                new RuleSet(definition.rules(), Direction.OUTPUT));
    }

    private ActivePolicy(StoredPolicy stored, PolicyDefinition definition, RuleSet input, RuleSet output) {
        this.stored = stored;
        this.definition = definition;
        this.input = input;
        this.output = output;
    }

    /** For people to read, for example {@code no-identifiers@3}. */
    String label() {
        return stored.name() + "@" + stored.version();
    }

    StoredPolicy stored() {
        return stored;
    }

    int window() {
        return definition.window();
    }

    RuleSet input() {
        return input;
    }

    RuleSet output() {
        return output;
    }

    /** The classifier to ask about texts of a direction. */
    Optional<ClassifierRule> classifier(Direction direction) {
        return definition.classifier().filter(rule -> rule.on().covers(direction));
    }

    /** An inspection of one request by this policy. */
    public Inspection inspection(Classifiers classifiers) {
        return new Inspection(this, classifiers);
    }
}
