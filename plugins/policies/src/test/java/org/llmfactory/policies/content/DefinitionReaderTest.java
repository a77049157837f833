package org.llmfactory.policies.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;

final class DefinitionReaderTest {
    @Test
    void whatIsWrittenIsReadAgain() {
        String definition = """
                {"rules": [
                  {"name": "a", "on": "input", "pattern": "x+", "action": "block", "message": "No."},
                  {"name": "b", "words": ["one", "two"], "action": "flag"},
                  {"name": "c", "on": "output", "pattern": "y", "action": "redact"}],
                 "window": 300,
                 "classifier": {"name": "toxicity", "label": "toxic", "threshold": 0.7, "on_missing": "allow"}}""";
        PolicyDefinition read = DefinitionJson.parse(definition);

        assertThat(DefinitionJson.parse(DefinitionJson.write(read))).isEqualTo(read);
        assertThat(read.window()).isEqualTo(300);
        assertThat(read.rules()).hasSize(3);
        assertThat(read.classifier())
                .hasValueSatisfying(rule -> assertThat(rule.blocksWhenMissing()).isFalse());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "rules | {}",
                "rules | {'rules': {}}",
                "window | {'rules': [{'name':'a','pattern':'x','action':'flag'}], 'window': 100}",
                "rules[0].name | {'rules': [{'pattern':'x','action':'flag'}]}",
                "rules[0].name | {'rules': [{'name':'A B','pattern':'x','action':'flag'}]}",
                "rules[1].name | {'rules': [{'name':'a','pattern':'x','action':'flag'},{'name':'a','pattern':'y','action':'flag'}]}",
                "rules[0].action | {'rules': [{'name':'a','pattern':'x'}]}",
                "rules[0].action | {'rules': [{'name':'a','pattern':'x','action':'delete'}]}",
                "rules[0].action | {'rules': [{'name':'a','pattern':'x','action':'redact'}]}",
                "rules[0].action | {'rules': [{'name':'a','pattern':'x','on':'input','action':'redact'}]}",
                "rules[0].on | {'rules': [{'name':'a','pattern':'x','on':'sideways','action':'flag'}]}",
                "rules[0].pattern | {'rules': [{'name':'a','action':'flag'}]}",
                "rules[0].pattern | {'rules': [{'name':'a','pattern':'x','words':['y'],'action':'flag'}]}",
                "rules[0].pattern | {'rules': [{'name':'a','pattern':'(','action':'flag'}]}",
                "rules[0].pattern | {'rules': [{'name':'a','pattern':'x*','action':'flag'}]}",
                "rules[0].words[1] | {'rules': [{'name':'a','words':['x','-'],'action':'flag'}]}",
                "rules[0].words[0] | {'rules': [{'name':'a','words':[3],'action':'flag'}]}",
                "classifier.label | {'classifier': {'name':'a'}}",
                "classifier.threshold | {'classifier': {'name':'a','label':'b','threshold':2}}",
                "classifier.action | {'classifier': {'name':'a','label':'b','action':'redact'}}",
                "classifier.on_missing | {'classifier': {'name':'a','label':'b','on_missing':'panic'}}",
            })
    void aRefusalNamesTheField(String field, String definition) {
        assertThatThrownBy(() -> DefinitionJson.parse(definition.replace('\'', '"')))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.parameter()).contains(field));
    }
}
