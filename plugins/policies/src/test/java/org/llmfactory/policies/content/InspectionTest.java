package org.llmfactory.policies.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.ContentClassifier;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.governance.testing.WordClassifier;

final class InspectionTest {
    private static final String WORDS = """
            {"rules": [
              {"name": "secret", "words": ["codename"], "action": "block", "message": "Ask the press office."},
              {"name": "remark", "words": ["maybe"], "action": "flag"}]}""";

    private final Classifiers classifiers = new Classifiers();
    private final WordClassifier toxicity = new WordClassifier("toxic", "idiot");

    private static String classifier(String more) {
        return """
                {"window": 128, "classifier": {"name": "toxicity", "label": "toxic", "threshold": 0.8%s}}""".formatted(more);
    }

    private static AbstractThrowableAssert<?, ?> assertBlocked(Inspection inspection, String text) {
        return assertThatThrownBy(() -> inspection.input(List.of("fine", text)))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONTENT_BLOCKED));
    }

    @Test
    void aRefusalNamesPolicyAndRuleAndSaysWhatToDo() {
        Inspection inspection = Policies.inspection(WORDS);

        assertBlocked(inspection, "what is CODENAME 7?")
                .hasMessage(
                        "The content policy strict@3 does not let this through (rule 'secret'). Ask the press office.");
        assertThat(inspection.details())
                .isEqualTo(Map.of(
                        "id", "policy_1",
                        "name", "strict",
                        "version", 3,
                        "verdict", "blocked",
                        "rules", List.of("secret")));
    }

    @Test
    void harmlessInputPasses() {
        Inspection inspection = Policies.inspection(WORDS);
        inspection.input(List.of("codenames are fine", "and mayberry"));

        assertThat(inspection.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(inspection.rules()).isEmpty();
    }

    @Test
    void flaggedInputPassesAndIsRemarked() {
        Inspection inspection = Policies.inspection(WORDS);
        inspection.input(List.of("Maybe"));

        assertThat(inspection.verdict()).isEqualTo(Verdict.FLAGGED);
        assertThat(inspection.rules()).containsExactly("remark");
    }

    @Test
    void aClassifierBlocksInput() {
        classifiers.addClassifier(toxicity, Map.of(ContentClassifier.NAME, "toxicity"));
        Inspection inspection = Policies.inspection(classifiers, classifier(""));
        inspection.input(List.of("friend"));

        assertBlocked(inspection, "idiot").hasMessageContaining("classifier:toxicity:toxic");
    }

    @Test
    void aScoreBelowTheThresholdPasses() {
        classifiers.addClassifier(toxicity, Map.of(ContentClassifier.NAME, "toxicity"));
        String definition = classifier("").replace("0.8", "0.95");
        Inspection inspection = Policies.inspection(classifiers, definition);
        inspection.input(List.of("idiot"));

        assertThat(inspection.verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void aClassifierEndsAnAnswerBeforeThePassageItObjectsTo() {
        classifiers.addClassifier(toxicity, Map.of(ContentClassifier.NAME, "toxicity"));
        Inspection inspection = Policies.inspection(classifiers, classifier(""));
        OutputScreen screen = inspection.screen();
        String friendly = "a".repeat(256);

        assertThat(Policies.feed(screen, List.of(friendly, "you id", "iot", "b".repeat(500))))
                .isEqualTo(friendly);
        assertThat(screen.isBlocked()).isTrue();
        assertThat(inspection.rules()).containsExactly("classifier:toxicity:toxic");
    }

    @Test
    void withoutItsClassifierAPolicyBlocks() {
        Inspection inspection = Policies.inspection(classifiers, classifier(""));

        assertBlocked(inspection, "friend");
        assertThat(inspection.rules()).containsExactly("classifier:toxicity:missing");
    }

    @Test
    void aPolicyMayLetEverythingPassWithoutItsClassifier() {
        Inspection inspection = Policies.inspection(classifiers, classifier(", \"on_missing\": \"allow\""));
        inspection.input(List.of("friend"));

        assertThat(inspection.verdict()).isEqualTo(Verdict.FLAGGED);
        assertThat(Policies.feed(inspection.screen(), List.of("idiot"))).isEqualTo("idiot");
    }

    @Test
    void aClassifierThatFailsIsAsGoodAsMissing() {
        classifiers.addClassifier(toxicity, Map.of(ContentClassifier.NAME, "toxicity"));
        toxicity.fail();

        assertBlocked(Policies.inspection(classifiers, classifier("")), "friend");
    }

    @Test
    void aClassifierThatWentAwayIsMissing() {
        classifiers.addClassifier(toxicity, Map.of(ContentClassifier.NAME, "toxicity"));
        classifiers.removeClassifier(toxicity);

        assertBlocked(Policies.inspection(classifiers, classifier("")), "friend");
    }

    @Test
    void rulesAndClassifierLookAtTheSameAnswer() {
        classifiers.addClassifier(toxicity, Map.of(ContentClassifier.NAME, "toxicity"));
        String definition = """
                {"window": 128,
                 "rules": [{"name": "x", "on": "output", "pattern": "x+", "action": "redact"}],
                 "classifier": {"name": "toxicity", "label": "toxic"}}""";
        Inspection inspection = Policies.inspection(classifiers, definition);

        assertThat(Policies.feed(
                        inspection.screen(), List.of("a".repeat(120) + "x".repeat(20), "b".repeat(116), "idiot")))
                .isEqualTo("a".repeat(120) + "[x]" + "b".repeat(116));
        assertThat(inspection.rules()).containsExactly("classifier:toxicity:toxic", "x");
    }
}
