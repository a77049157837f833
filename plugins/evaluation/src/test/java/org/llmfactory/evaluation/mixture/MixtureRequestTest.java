package org.llmfactory.evaluation.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

final class MixtureRequestTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'model':null|model",
                "'adapters':[]|adapters",
                "'adapters':[{'low':0}]|adapters[0].id",
                "'adapters':[{'id':'a','low':1,'high':1}]|adapters[0].high",
                "'adapters':[{'id':'a'},{'id':'a'}]|adapters[1].id",
                "'adapters':[{'id':'a','high':11}]|adapters[0].high",
                "'validation_files':[]|validation_files",
                "'test_files':['t','t']|test_files",
                "'test_files':['v']|test_files",
                "'algorithm':'grid'|algorithm",
                "'objective':'f1'|objective",
                "'format':'xml'|format",
                "'trials':0|trials",
                "'preset':'Not a name'|preset"
            })
    void badRequestIsRefusedWithItsPlace(String change, String place) throws JsonProcessingException {
        String good = "{'model':'m','adapters':[{'id':'a'}],'validation_files':['v'],'test_files':['t']}";
        ObjectNode body = (ObjectNode) Json.MAPPER.readTree(good.replace('\'', '"'));
        MixtureRequest.read(JsonFields.of(body));
        body.setAll((ObjectNode) Json.MAPPER.readTree(("{" + change + "}").replace('\'', '"')));

        assertThatThrownBy(() -> MixtureRequest.read(JsonFields.of(body)))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.parameter()).contains(place));
    }
}
