package org.llmfactory.gateway.openai;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.gateway.generation.Delta;
import org.llmfactory.gateway.generation.Ending;
import org.llmfactory.gateway.generation.GeneratedText;

/** Turns generated texts into a completion's choices: numbered over all prompts, echoed, with log probabilities. */
final class CompletionMapper {
    private final CompletionRequest request;
    private final TextCodec codec;

    CompletionMapper(CompletionRequest request, ResponseFacts facts) {
        this.request = request;
        this.codec = facts.model().codec();
    }

    /** The choices, where there were more candidates the best of each prompt. */
    List<TextCompletion.Choice> choices(List<GeneratedText> texts) {
        List<TextCompletion.Choice> choices = new ArrayList<>();
        for (int prompt = 0; prompt < request.prompts().size(); prompt++) {
            List<GeneratedText> candidates = texts.subList(prompt * request.bestOf(), (prompt + 1) * request.bestOf());
            for (GeneratedText text : best(candidates)) {
                choices.add(choice(choices.size(), prompt, text));
            }
        }
        return choices;
    }

    private List<GeneratedText> best(List<GeneratedText> candidates) {
        int wanted = request.common().choices();
        if (candidates.size() == wanted) {
            return candidates;
        }
        return candidates.stream()
                .sorted(Comparator.comparingDouble(GeneratedText::meanLogprob).reversed())
                .limit(wanted)
                .toList();
    }

    private TextCompletion.Choice choice(int index, int prompt, GeneratedText text) {
        String echoed = echoed(prompt);
        TextLogprobs logprobs = request.logprobs()
                ? new TextLogprobs.Builder(codec)
                        .prompt(text.promptTokens())
                        .completion(text.tokens(), echoed.length())
                        .build()
                : null;
        return new TextCompletion.Choice(
                index, echoed + text.text(), logprobs, text.ending().openAiName());
    }

    /** The event that opens a streamed choice with its prompt; empty unless prompts are echoed. */
    Optional<TextCompletion.Choice> opening(int sequence, List<GeneratedToken> promptTokens) {
        if (!request.echo()) {
            return Optional.empty();
        }
        TextLogprobs logprobs = request.logprobs()
                ? new TextLogprobs.Builder(codec).prompt(promptTokens).build()
                : null;
        return Optional.of(new TextCompletion.Choice(sequence, echoed(promptOf(sequence)), logprobs, null));
    }

    /** One event of a streamed choice. */
    TextCompletion.Choice choice(Delta delta) {
        TextLogprobs logprobs = request.logprobs()
                ? new TextLogprobs.Builder(codec)
                        .completion(
                                delta.tokens(),
                                echoed(promptOf(delta.sequence())).length())
                        .build()
                : null;
        @Nullable String reason = delta.ending().map(Ending::openAiName).orElse(null);
        return new TextCompletion.Choice(delta.sequence(), delta.text(), logprobs, reason);
    }

    private int promptOf(int sequence) {
        return sequence / request.bestOf();
    }

    private String echoed(int prompt) {
        return request.echo() ? request.prompts().get(prompt).text(codec) : "";
    }
}
