package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.evaluation.grade.Conversation;
import org.llmfactory.evaluation.item.Choices;
import org.llmfactory.evaluation.item.Item;
import org.llmfactory.evaluation.item.Question;
import org.llmfactory.evaluation.item.Template;
import org.llmfactory.evaluation.model.Likelihood;
import org.llmfactory.evaluation.model.Models;
import org.llmfactory.evaluation.model.Target;
import org.llmfactory.rest.Json;

/** Where an answer comes from: what the templates call {@code sample}. Safe for use by several threads. */
sealed interface Sampling {
    /**
     * The answer for one row.
     *
     * @throws FactoryException when there is none, with the reason
     */
    ObjectNode sample(Item item, Models models) throws InterruptedException;

    /** Whom it asks; empty when it asks nobody. */
    Optional<Target> target();

    /** The row brings it along. */
    record Given() implements Sampling {
        @Override
        public ObjectNode sample(Item item, Models models) {
            ObjectNode sample = item.sample();
            return sample == null ? Json.MAPPER.createObjectNode() : sample.deepCopy();
        }

        @Override
        public Optional<Target> target() {
            return Optional.empty();
        }
    }

    /**
     * A model answers a conversation.
     *
     * @param asked whom
     * @param template the conversation; null where it stands in the row
     * @param reference where it stands in the row, for example {@code item.messages}; answers behind the last question are
     *     left out
     * @param parameters fields of the request
     */
    record Generated(Target asked, @Nullable Conversation template, String reference, ObjectNode parameters)
            implements Sampling {
        @Override
        public ObjectNode sample(Item item, Models models) throws InterruptedException {
            ArrayNode messages = template == null
                    ? question(Template.find(reference, item.item(), Json.MAPPER.createObjectNode()))
                    : template.render(item.item(), Json.MAPPER.createObjectNode());
            ObjectNode request = asked.request();
            request.set("messages", messages);
            request.setAll(parameters);
            JsonNode answer = models.chat(request);
            JsonNode choice = answer.path("choices").path(0);
            ObjectNode sample = described(answer, messages, parameters);
            String text = choice.path("message").path("content").asText();
            sample.set("output", conversation("assistant", text));
            return sample.put("output_text", text)
                    .put("finish_reason", choice.path("finish_reason").asText());
        }

        private ArrayNode question(JsonNode written) {
            if (!(written instanceof ArrayNode messages)) {
                throw bad("'" + reference + "' is no array of messages");
            }
            ArrayNode question = messages.deepCopy();
            while (!question.isEmpty() && isAnswer(question.get(question.size() - 1))) {
                question.remove(question.size() - 1);
            }
            return question;
        }

        @Override
        public Optional<Target> target() {
            return Optional.of(asked);
        }
    }

    /**
     * How likely a model finds what the row gives as the answer: a question's choices, the last answer of {@code messages},
     * {@code completion} behind {@code prompt}, or all of {@code text}.
     *
     * @param asked whom
     * @param chat whether questions are asked as conversations, by the model's template, rather than as plain text
     */
    record Likely(Target asked, boolean chat) implements Sampling {
        @Override
        public ObjectNode sample(Item item, Models models) throws InterruptedException {
            ObjectNode row = item.item();
            Optional<Question> question;
            try {
                question = Question.of(row);
            } catch (IllegalArgumentException e) {
                throw bad(String.valueOf(e.getMessage()));
            }
            if (question.isPresent()) {
                return chosen(question.get(), models);
            }
            if (row.get("messages") instanceof ArrayNode messages) {
                return answered(messages, models);
            }
            if (row.path("completion").isTextual()) {
                return continued(
                        row.path("prompt").asText(), row.get("completion").textValue(), models);
            }
            if (row.path("text").isTextual()) {
                return continued("", row.get("text").textValue(), models);
            }
            throw bad("it has neither choices nor 'messages', 'completion' or 'text'");
        }

        private ObjectNode chosen(Question question, Models models) throws InterruptedException {
            Choices choices = Choices.of(question, asked, chat, models);
            ArrayNode messages = conversation("user", question.prompt());
            ObjectNode sample = described(choices.answer(), messages, Json.MAPPER.createObjectNode());
            ArrayNode listed = sample.putArray("choices");
            for (int i = 0; i < choices.likelihoods().size(); i++) {
                listed.addObject()
                        .put("label", Question.letter(i))
                        .put("logprob", choices.likelihoods().get(i).logprob());
            }
            String best = Question.letter(choices.best());
            sample.set("output", conversation("assistant", best));
            return scored(sample, choices.likelihoods().get(question.answer()))
                    .put("output_text", best)
                    .put("answer", Question.letter(question.answer()));
        }

        private ObjectNode answered(ArrayNode messages, Models models) throws InterruptedException {
            if (messages.isEmpty() || !isAnswer(messages.get(messages.size() - 1))) {
                throw bad("its last message is not the assistant's");
            }
            Likelihood.Scores scores = Likelihood.ofAnswer(models, asked, messages);
            ArrayNode before = messages.deepCopy();
            JsonNode last = before.remove(before.size() - 1);
            return given(scores, before, last.path("content").asText());
        }

        private ObjectNode continued(String prompt, String completion, Models models) throws InterruptedException {
            Likelihood.Scores scores = Likelihood.ofTexts(models, asked, prompt, List.of(completion));
            return given(scores, conversation("user", prompt), completion);
        }

        private static ObjectNode given(Likelihood.Scores scores, ArrayNode input, String text) {
            ObjectNode sample = described(scores.answer(), input, Json.MAPPER.createObjectNode());
            sample.set("output", conversation("assistant", text));
            return scored(sample, scores.likelihoods().get(0)).put("output_text", text);
        }

        private static ObjectNode scored(ObjectNode sample, Likelihood likelihood) {
            return sample.put("finish_reason", "stop")
                    .put("loss", likelihood.loss())
                    .put("tokens", likelihood.tokens());
        }

        @Override
        public Optional<Target> target() {
            return Optional.of(asked);
        }
    }

    private static boolean isAnswer(JsonNode message) {
        return message.path("role").asText().equals("assistant");
    }

    private static ArrayNode conversation(String role, String content) {
        ArrayNode messages = Json.MAPPER.createArrayNode();
        messages.addObject().put("role", role).put("content", content);
        return messages;
    }

    /** What OpenAI's output items say of any sample. */
    private static ObjectNode described(JsonNode answer, ArrayNode input, ObjectNode parameters) {
        ObjectNode sample = Json.MAPPER.createObjectNode();
        sample.set("input", input);
        sample.put("model", answer.path("model").asText());
        sample.put("temperature", parameters.path("temperature").asDouble(1));
        sample.put("top_p", parameters.path("top_p").asDouble(1));
        sample.put(
                "max_completion_tokens",
                parameters.path("max_completion_tokens").asInt(0));
        sample.put("seed", parameters.path("seed").asLong(0));
        answer.path("llm_factory").path("adapters").forEach(sample.putArray("adapters")::add);
        return sample;
    }

    private static FactoryException bad(String reason) {
        return new FactoryException(ErrorCode.INVALID_VALUE, "The row cannot be asked: " + reason + ".");
    }
}
