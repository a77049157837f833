package org.llmfactory.deployer.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.deployer.description.DescriptionReader.Reading;
import org.llmfactory.rest.Json;
import org.osgi.framework.VersionRange;

class DescriptionReaderTest {
    private final DescriptionReader reader = new DescriptionReader(new DescriptionSchema());

    @Test
    void everyFieldIsRead() {
        Reading reading = read("""
                {"name": "hello", "plugins": [{
                    "plugin": "org.acme.hello", "version": "[1.2,2)", "count": 3,
                    "configuration": {"org.acme.pid": {"text": "a", "number": 5, "yes": true, "list": ["a", 1]}},
                    "constraints": {"labels": {"disk": "fast"}, "device": "cuda", "free_memory_mib": 512,
                        "base_model": "tiny", "agents": ["shared/node-1", "node-2"], "region": "lab",
                        "tenants": ["shared"]}}],
                 "strategy": {"canary": 2, "health_seconds": 5, "max_unavailable": 4}}""");

        PluginSpec plugin = reading.description().plugins().get(0);
        assertThat(reading.description().name()).isEqualTo("hello");
        assertThat(reading.description().strategy()).isEqualTo(new Strategy(2, 5, 4));
        assertThat(plugin.versions()).isEqualTo(new VersionRange("[1.2,2)"));
        assertThat(plugin.count()).isEqualTo(OptionalInt.of(3));
        assertThat(plugin.configuration())
                .isEqualTo(Map.of(
                        "org.acme.pid",
                        Map.of(
                                "text", List.of("a"),
                                "number", List.of("5"),
                                "yes", List.of("true"),
                                "list", List.of("a", "1"))));
        assertThat(plugin.constraints())
                .isEqualTo(new Constraints(
                        Map.of("disk", "fast"),
                        Optional.of(Constraints.Device.CUDA),
                        512,
                        Optional.of("tiny"),
                        List.of("shared/node-1", "node-2"),
                        Optional.of("lab"),
                        Set.of("shared")));
        assertThat(reading.ignored()).isEmpty();
    }

    @Test
    void whatIsNotSaidHasItsDefault() {
        Description description = read("{\"name\": \"hello\", \"plugins\": [{\"plugin\": \"org.acme.hello\"}]}")
                .description();

        assertThat(description.strategy()).isEqualTo(new Strategy(1, 10, 1));
        assertThat(description.plugins().get(0).count()).isEqualTo(OptionalInt.of(1));
        assertThat(description.plugins().get(0).constraints()).isEqualTo(Constraints.NONE);
        assertThat(description.plugins().get(0).versions()).isEqualTo(new VersionRange("0"));
    }

    @Test
    void everywhereIsNoNumber() {
        assertThat(read("{\"name\": \"a\", \"plugins\": [{\"plugin\": \"b\", \"count\": \"everywhere\"}]}")
                        .description()
                        .plugins()
                        .get(0)
                        .count())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'plugins': [{'plugin': 'a'}]} | name",
                "{'name': 'A b', 'plugins': [{'plugin': 'a'}]} | name",
                "{'name': 'a', 'plugins': []} | plugins",
                "{'name': 'a', 'plugins': [{'plugin': 'a', 'count': 0}]} | plugins[0].count",
                "{'name': 'a', 'plugins': [{'plugin': 'a', 'count': 'some'}]} | plugins[0].count",
                "{'name': 'a', 'plugins': [{'plugin': 'a', 'wrong': 1}]} | wrong",
                "{'name': 'a', 'plugins': [{'plugin': '../a'}]} | plugins[0].plugin",
                "{'name': 'a', 'plugins': [{'plugin': 'a', 'version': '[1'}]} | plugins[0].version",
                "{'name': 'a', 'plugins': [{'plugin': 'a'}, {'plugin': 'a'}]} | plugins[1].plugin",
                "{'name': 'a', 'plugins': [{'plugin': 'a', 'constraints': {'device': 'tpu'}}]} | constraints.device",
                "{'name': 'a', 'plugins': [{'plugin': 'a', 'configuration': {'p': {'q': {}}}}]} | configuration.p.q",
                "{'name': 'a', 'plugins': [{'plugin': 'a'}], 'strategy': {'health_seconds': 601}} | health_seconds"
            })
    void whatIsWrongIsNamedByItsPlace(String text, String place) {
        assertThatThrownBy(() -> read(text.replace('\'', '"')))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining(place);
    }

    @Test
    void aPipelineOfCrescoIsTranslatedAndWhatHasNoMeaningIsTold() {
        Reading reading = read("""
                {"pipeline_id": "0", "pipeline_name": "My Pipeline", "edges": [{"edge_id": "0"}], "nodes": [
                  {"node_id": "0", "node_name": "first", "type": "dummy", "isSource": true, "params": {
                    "pluginname": "io.cresco.hello", "jarfile": "hello.jar", "md5": "abc", "version": "1.1.0",
                    "location_region": "lab", "location_agent": "node-1", "greeting": "hi"}},
                  {"node_id": "1", "params": {
                    "pluginname": "io.cresco.hello", "version": "1.1.0",
                    "location_region": "lab", "location_agent": "node-2", "greeting": "hi"}}]}""");

        PluginSpec plugin = reading.description().plugins().get(0);
        assertThat(reading.description().name()).isEqualTo("my-pipeline");
        assertThat(reading.description().plugins()).hasSize(1);
        assertThat(plugin.plugin()).isEqualTo("io.cresco.hello");
        assertThat(plugin.versions()).isEqualTo(new VersionRange("[1.1.0,1.1.0]"));
        assertThat(plugin.count()).isEqualTo(OptionalInt.of(2));
        assertThat(plugin.constraints().agents()).containsExactly("node-1", "node-2");
        assertThat(plugin.constraints().region()).contains("lab");
        assertThat(plugin.configuration()).isEqualTo(Map.of("io.cresco.hello", Map.of("greeting", List.of("hi"))));
        assertThat(String.join("\n", reading.ignored()))
                .contains(
                        "'edges'",
                        "'pipeline_id'",
                        "'nodes[0].isSource'",
                        "'nodes[0].params.jarfile'",
                        "'nodes[0].params.md5'",
                        "'nodes[0].type'");
    }

    @Test
    void nodesOfOnePluginThatDifferInMoreThanTheirPlaceAreRefused() {
        assertThatThrownBy(() -> read("""
                        {"pipeline_name": "a", "nodes": [
                          {"params": {"pluginname": "b", "version": "1"}},
                          {"params": {"pluginname": "b", "version": "2"}}]}""")).hasMessageContaining("nodes[1]").hasMessageContaining("one version of it");
    }

    @Test
    void aNodeWithoutAPluginIsRefused() {
        assertThatThrownBy(() -> read("{\"pipeline_name\": \"a\", \"nodes\": [{\"params\": {}}]}"))
                .hasMessageContaining("nodes[0].params.pluginname");
    }

    private Reading read(String text) {
        try {
            return reader.read((ObjectNode) Json.MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
