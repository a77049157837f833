package org.llmfactory.evaluation.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.evaluation.model.Likelihood;
import org.llmfactory.evaluation.model.Models;
import org.llmfactory.evaluation.model.Target;
import org.llmfactory.rest.Json;

/**
 * How likely a model finds each choice of a question.
 *
 * @param likelihoods in the order of the choices
 * @param answer of the request that was made last
 */
public record Choices(List<Likelihood> likelihoods, JsonNode answer) {
    public Choices {
        likelihoods = List.copyOf(likelihoods);
    }

    /**
     * Asks a model.
     *
     * @param chat whether the question is a user's message and the letter an assistant's, by the model's template; else the
     *     letter is the continuation of a plain text
     */
    public static Choices of(Question question, Target target, boolean chat, Models models)
            throws InterruptedException {
        if (!chat) {
            Likelihood.Scores scores = Likelihood.ofTexts(models, target, question.prompt(), question.continuations());
            return new Choices(scores.likelihoods(), scores.answer());
        }
        List<Likelihood> likelihoods = new ArrayList<>();
        JsonNode answer = MissingNode.getInstance();
        for (String letter : question.continuations()) {
            ArrayNode messages = Json.MAPPER.createArrayNode();
            messages.addObject().put("role", "user").put("content", question.prompt());
            messages.addObject().put("role", "assistant").put("content", letter.strip());
            Likelihood.Scores scores = Likelihood.ofAnswer(models, target, messages);
            likelihoods.addAll(scores.likelihoods());
            answer = scores.answer();
        }
        return new Choices(likelihoods, answer);
    }

    /** The place of the likeliest; the first of several. */
    public int best() {
        int best = 0;
        for (int i = 1; i < likelihoods.size(); i++) {
            if (likelihoods.get(i).logprob() > likelihoods.get(best).logprob()) {
                best = i;
            }
        }
        return best;
    }
}
