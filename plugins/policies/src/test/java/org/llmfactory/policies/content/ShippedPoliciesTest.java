package org.llmfactory.policies.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples that are shipped do what they say. */
final class ShippedPoliciesTest {
    private static final Path FOLDER = Path.of("../../runtime-config/content-policies");

    private static StoredPolicy shipped(String name) throws IOException {
        return Policies.stored(Files.readString(FOLDER.resolve(name + ".json")));
    }

    private static Trial output(String policy, String text) throws IOException {
        return Trial.ofOutput(shipped(policy), new Classifiers(), text);
    }

    private static Trial input(String policy, String text) throws IOException {
        return Trial.ofInput(shipped(policy), new Classifiers(), text);
    }

    @ParameterizedTest
    @CsvSource({
        "Write to jane.doe@example.org today., Write to [e-mail] today.",
        "Call +49 351 4580123 or (555) 123-4567., 'Call [phone] or [phone].'",
        "SSN 123-45-6789., SSN [us-ssn].",
        "See MRN: 00123456 please., See [mrn] please.",
        "Versichert unter A123456780 seit 2019., Versichert unter [de-kvnr] seit 2019.",
        "Aspirin 500 mg twice daily for 10 days since 2019-03-01., Aspirin 500 mg twice daily for 10 days since 2019-03-01.",
    })
    void identifiersInAnswersAreReplaced(String answer, String expected) throws IOException {
        assertThat(output("no-identifiers", answer).output()).contains(expected);
    }

    @Test
    void identifiersInPromptsAreRemarked() throws IOException {
        Trial trial = input("no-identifiers", "MRN 00123456, jane.doe@example.org");

        assertThat(trial.verdict()).isEqualTo(Verdict.FLAGGED);
        assertThat(trial.rules()).isEqualTo(List.of("input-e-mail", "input-mrn"));
    }

    @Test
    void theClinicalPolicyStopsNumbersThatNamePeople() throws IOException {
        assertThat(input("clinical-default", "Patient 123-45-6789").verdict()).isEqualTo(Verdict.BLOCKED);
        assertThat(input("clinical-default", "KVNR A123456780").verdict()).isEqualTo(Verdict.BLOCKED);
        assertThat(input("clinical-default", "MRN 00123456").verdict()).isEqualTo(Verdict.FLAGGED);
        assertThat(input("clinical-default", "Patient denies suicidal thoughts.")
                        .rules())
                .containsExactly("self-harm");
        assertThat(input("clinical-default", "Chest pain for two days.").verdict())
                .isEqualTo(Verdict.PASSED);
        assertThat(output("clinical-default", "That is MRN 00123456.").output()).contains("That is [answer-mrn].");
    }
}
