package org.llmfactory.inference.oracle;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@code samples/expected/make_expected.py} wrote: greedy outputs of transformers and PEFT. */
@JsonIgnoreProperties(ignoreUnknown = true)
record Expected(List<Prompt> prompts, List<Output> outputs) {
    /** A prompt and its ids. */
    record Prompt(String text, List<Integer> ids) {}

    /** 64 tokens for one prompt and one set of weighted adapters. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Output(String variant, Map<String, Float> adapters, String prompt, List<Integer> ids) {
        @Override
        public String toString() {
            return variant + ": " + prompt;
        }
    }

    static Expected read(Path file) throws IOException {
        return new ObjectMapper()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .readValue(file.toFile(), Expected.class);
    }

    int[] ids(String text) {
        return prompts.stream().filter(prompt -> prompt.text().equals(text)).findFirst().orElseThrow().ids().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
