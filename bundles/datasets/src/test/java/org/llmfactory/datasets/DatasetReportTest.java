package org.llmfactory.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DatasetReportTest {
    @Test
    void rowsAreCountedMeasuredAndCompared() {
        String data = Read.chat("Hi", "Hello") + Read.chat("Bye", "Goodbye") + "{}\n" + Read.chat("Hi", "Hello");

        DatasetReport report = DatasetReport.of("d.jsonl", stream(data), Optional.of(String::length));

        assertThat(report.format()).isEqualTo("chat");
        assertThat(report.rows()).isEqualTo(3);
        assertThat(report.problemCount()).isEqualTo(1);
        assertThat(report.problems()).extracting(RowProblem::line).containsExactly(3);
        assertThat(report.duplicates()).isEqualTo(new DatasetReport.Occurrences(1, List.of(4)));
        assertThat(report.characters().min()).isEqualTo(8);
        assertThat(report.characters().p50()).isEqualTo(8);
        assertThat(report.characters().max()).isEqualTo(11);
        assertThat(report.tokens()).isEqualTo(report.characters());
        assertThat(report.characters().histogram()).hasSize(20);
        assertThat(report.characters().histogram().stream().mapToInt(i -> i).sum())
                .isEqualTo(3);
        assertThat(report.turns().mean()).isEqualTo(2);
        assertThat(report.roles()).containsEntry("user", 3).containsEntry("assistant", 3);
        assertThat(report.trainedShare()).isEqualTo(0.5);
        assertThat(report.personalData()).isEmpty();
    }

    @Test
    void theFirstProblemsAreListedAndAllAreCounted() {
        DatasetReport report =
                DatasetReport.of("d.jsonl", stream(Read.chat("Hi", "Hello") + "{}\n".repeat(250)), Optional.empty());

        assertThat(report.problems()).hasSize(100);
        assertThat(report.problemCount()).isEqualTo(250);
        assertThat(report.tokens()).isNull();
    }

    @Test
    void quantilesAreThoseOfTheDefinition() {
        Lengths.Collector lengths = new Lengths.Collector();
        IntStream.rangeClosed(1, 2000).forEach(lengths::add);

        Lengths summary = lengths.summary();
        assertThat(summary.p50()).isEqualTo(1000);
        assertThat(summary.p95()).isEqualTo(1900);
        assertThat(summary.mean()).isEqualTo(1000.5);
        assertThat(summary.histogram()).allMatch(count -> count == 100);
    }

    @Test
    void personalDataIsCountedAndNotQuoted() {
        String data = Read.chat("Mail jane.doe@example.org", "Done") + Read.chat("Hi", "Hello");

        DatasetReport report = DatasetReport.of("d.jsonl", stream(data), Optional.empty());

        assertThat(report.personalData()).containsOnlyKeys("email");
        assertThat(report.personalData().get("email")).isEqualTo(new DatasetReport.Occurrences(1, List.of(1)));
        assertThat(report.toString()).doesNotContain("jane");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EMAIL | write to a.b+c@mail.example.com.",
                "PHONE | call +49 89 1234567 today",
                "PHONE | Tel. 0731/123456",
                "PHONE | (555) 123-4567",
                "DATE_OF_BIRTH | geb. 03.04.1961 in Ulm",
                "DATE_OF_BIRTH | DOB: 1961-04-03",
                "DATE_OF_BIRTH | date of birth 4/3/1961",
                "IBAN | to DE89 3704 0044 0532 0130 00 please",
                "CREDIT_CARD | 4111 1111 1111 1111",
                "US_SSN | SSN 123-45-6789",
                "MEDICAL_RECORD_NUMBER | MRN: 0012345",
                "MEDICAL_RECORD_NUMBER | Patientennummer 4711-08",
                "IP_ADDRESS | from 192.168.1.17",
                "IP_ADDRESS | 2001:0db8:0000:0000:0000:ff00:0042:8329",
                "URL_WITH_CREDENTIALS | https://me:pass@example.org/x",
            })
    void whatHasTheFormOfPersonalDataIsFound(PersonalData kind, String text) {
        assertThat(PersonalData.in(text)).contains(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The dose is 12.5 mg twice a day for 10 days.",
                "Chapter 3.2.1, pages 100-200, in 2021.",
                "DE00 3704 0044 0532 0130 00 is no account",
                "4111 1111 1111 1112 is no card",
                "https://example.org/a@b",
                "version 1.2.3",
                "@home and 3 @ 4",
            })
    void ordinaryTextIsNotTakenForPersonalData(String text) {
        assertThat(PersonalData.in(text)).isSubsetOf(Set.of(PersonalData.PHONE)).doesNotContain(PersonalData.EMAIL);
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
