package org.llmfactory.projects.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.rest.Endpoint;
import org.llmfactory.rest.FactoryApplication;

/** The README says which endpoints there are and what each takes. */
final class EndpointsTest {
    private final Office office = new Office();

    @AfterEach
    void close() {
        office.close();
    }

    @Test
    void theReadmeNamesEveryEndpointWithItsRule() throws IOException {
        List<String> documented = Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| `/v1/"))
                .toList();

        assertThat(documented)
                .containsExactlyElementsOf(Stream.of(
                                rows("/v1/organization", new OrganizationApplication(office.administration)),
                                rows("/v1/projects", new ProjectRolesApplication(office.administration)),
                                rows("/v1/presets", new PresetsApplication(office.administration)))
                        .flatMap(rows -> rows)
                        .toList());
    }

    private static Stream<String> rows(String base, FactoryApplication application) {
        Map<String, List<String>> methods = application.endpoints().stream()
                .collect(Collectors.groupingBy(
                        endpoint -> endpoint.path().equals("/") ? base : base + endpoint.path(),
                        TreeMap::new,
                        Collectors.mapping(EndpointsTest::rule, Collectors.toList())));
        return methods.entrySet().stream()
                .map(entry -> "| `" + entry.getKey() + "` | "
                        + entry.getValue().stream().sorted().collect(Collectors.joining(", ")) + " |");
    }

    private static String rule(Endpoint endpoint) {
        return endpoint.method() + " " + endpoint.action().name().toLowerCase(Locale.ROOT);
    }
}
