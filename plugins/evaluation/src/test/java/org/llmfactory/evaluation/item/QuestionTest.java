package org.llmfactory.evaluation.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.rest.Json;

final class QuestionTest {
    private static JsonNode row(String json) throws JsonProcessingException {
        return Json.MAPPER.readTree(json.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'question':'Which?','options':{'A':'one','B':'two','C':'three','D':'four'},'answer_idx':'C','answer':'three'}",
                "{'question':'Which?','options':{'A':'one','B':'two','C':'three','D':'four'},'answer':'three'}",
                "{'question':'Which?','opa':'one','opb':'two','opc':'three','opd':'four','cop':2,'exp':null}",
                "{'question':'Which?','choices':['one','two','three','four'],'answer':2,'subject':'x'}",
                "{'question':'Which?','options':['one','two','three','four'],'answer':'c'}",
                "{'question':'Which?','options':['one','two','three','four'],'answer':'three'}"
            })
    void theUsualSetsAreRead(String json) throws JsonProcessingException {
        Question question = Question.of(row(json)).orElseThrow();

        assertThat(question.choices()).containsExactly("one", "two", "three", "four");
        assertThat(question.answer()).isEqualTo(2);
        assertThat(question.prompt()).isEqualTo("Question: Which?\nA. one\nB. two\nC. three\nD. four\nAnswer:");
        assertThat(question.continuations()).containsExactly(" A", " B", " C", " D");
    }

    @Test
    void rowWithoutChoicesIsNoQuestion() throws JsonProcessingException {
        assertThat(Question.of(row("{'question':'Why?','answer':'Because.'}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'question':'Which?','options':['one'],'answer':0}",
                "{'question':'Which?','options':['one','two'],'answer':2}",
                "{'question':'Which?','options':['one','two'],'answer':'three'}",
                "{'question':'Which?','options':['one','two']}",
                "{'options':['one','two'],'answer':0}"
            })
    void rowThatCannotBeAskedIsRefused(String json) {
        assertThatThrownBy(() -> Question.of(row(json))).isInstanceOf(IllegalArgumentException.class);
    }
}
