package org.llmfactory.evaluation.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

final class DataSourceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'type':'responses','model':'m'}|it.type",
                "{'type':'x'}|it.type",
                "{'type':'completions'}|it.model",
                "{'type':'completions','model':'m'}|it.source",
                "{'type':'jsonl','source':{'type':'file_content','content':[]}}|it.source.content",
                "{'type':'jsonl','source':{'type':'stored_completions'}}|it.source.type",
                "{'type':'completions','model':'m','sampling_params':{'tools':[{}]}}|it.sampling_params.tools",
                "{'type':'completions','model':'m','adapters':[{}]}|it.adapters[0].id",
                "{'type':'completions','model':'m','input_messages':{'type':'item_reference','item_reference':'sample.x'}}|it.input_messages.item_reference",
                "{'type':'likelihood','model':'m','format':'xml'}|it.format"
            })
    void badDataSourceIsRefusedWithItsPlace(String written, String place) throws JsonProcessingException {
        ObjectNode body = (ObjectNode) Json.MAPPER.readTree(("{'it':" + written + "}").replace('\'', '"'));

        assertThatThrownBy(
                        () -> DataSource.read(JsonFields.of(body).object("it").orElseThrow()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.parameter()).contains(place));
    }
}
