package org.llmfactory.evaluation.grade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

final class GradersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[]|it",
                "[{'type':'x','name':'n'}]|it[0].type",
                "[{'type':'python','name':'n'}]|it[0].type",
                "[{'type':'loss'}]|it[0].name",
                "[{'type':'loss','name':'n'},{'type':'loss','name':'n'}]|it[1].name",
                "[{'type':'string_check','name':'n','operation':'is','input':'','reference':''}]|it[0].operation",
                "[{'type':'string_check','name':'n','operation':'eq','input':'{{x}}','reference':''}]|it[0].input",
                "[{'type':'text_similarity','name':'n','evaluation_metric':'cosine','input':'','reference':''}]|it[0].evaluation_metric",
                "[{'type':'label_model','name':'n','model':'m','labels':['a'],'passing_labels':['b'],'input':[{'role':'user','content':''}]}]|it[0].passing_labels",
                "[{'type':'label_model','name':'n','model':'m','labels':['a'],'passing_labels':['a'],'input':[{'role':'user','content':[{'type':'input_image'}]}]}]|it[0].input[0].content[0].type",
                "[{'type':'score_model','name':'n','model':'m','range':[2,1],'input':[{'role':'user','content':''}]}]|it[0].range"
            })
    void badCriterionIsRefusedWithItsPlace(String written, String place) throws JsonProcessingException {
        ObjectNode body = (ObjectNode) Json.MAPPER.readTree(("{'it':" + written + "}").replace('\'', '"'));

        assertThatThrownBy(() -> Graders.read(JsonFields.of(body), "it"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.parameter()).contains(place));
    }
}
