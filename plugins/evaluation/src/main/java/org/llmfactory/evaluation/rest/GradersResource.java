package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.grade.Grader;
import org.llmfactory.evaluation.grade.Graders;
import org.llmfactory.evaluation.grade.Score;
import org.llmfactory.evaluation.model.Models;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** Tries a criterion on one answer. What goes wrong in grading is part of the result, as OpenAI has it. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class GradersResource {
    private static final double NANOS = 1e9;
    private static final List<String> FLAGS = List.of(
            "formula_parse_error",
            "sample_parse_error",
            "truncated_observation_error",
            "unresponsive_reward_error",
            "invalid_variable_error",
            "other_error",
            "python_grader_server_error",
            "python_grader_runtime_error",
            "model_grader_server_error",
            "model_grader_refusal_error",
            "model_grader_parse_error");
    private static final List<String> DETAILS = List.of(
            "python_grader_server_error_type",
            "python_grader_runtime_error_details",
            "model_grader_server_error_details");

    private final Measurements measurements;

    GradersResource(Measurements measurements) {
        this.measurements = measurements;
    }

    /** Says the criterion again when it is one. */
    @POST
    @Path("validate")
    @Requires(Action.CREATE_JOB)
    public ObjectNode validate(ObjectNode body) {
        grader(JsonFields.of(body));
        ObjectNode valid = Json.MAPPER.createObjectNode();
        valid.set("grader", body.get("grader"));
        return valid;
    }

    /** Grades {@code model_sample}, with {@code item} for the templates. */
    @POST
    @Path("run")
    @Requires(Action.CREATE_JOB)
    public ObjectNode run(@Context SecurityContext security, ObjectNode body) throws InterruptedException {
        JsonFields fields = JsonFields.of(body);
        Grader grader = grader(fields);
        String output = fields.requiredString("model_sample");
        fields.object("item");
        ObjectNode item = body.get("item") instanceof ObjectNode given ? given : Json.MAPPER.createObjectNode();
        Models models = measurements.models(Callers.of(security));
        ObjectNode errors = Json.MAPPER.createObjectNode();
        FLAGS.forEach(flag -> errors.put(flag, false));
        DETAILS.forEach(errors::putNull);
        double reward = 0;
        long began = System.nanoTime();
        try {
            Score score = grader.grade(item, sample(output), models);
            reward = score.value();
        } catch (FactoryException failure) {
            describe(grader, failure, errors);
        }
        return result(grader, reward, errors, (System.nanoTime() - began) / NANOS, models);
    }

    private static Grader grader(JsonFields fields) {
        JsonFields written = fields.object("grader").orElseThrow(() -> fields.missing("grader"));
        return Graders.one(written);
    }

    private static ObjectNode sample(String output) {
        ObjectNode sample = Json.MAPPER.createObjectNode().put("output_text", output);
        try {
            JsonNode json = Json.MAPPER.readTree(output);
            if (json != null && json.isContainerNode()) {
                sample.set("output_json", json);
            }
        } catch (JsonProcessingException plainText) {
            // Then there is no such field.
        }
        return sample;
    }

    private static void describe(Grader grader, FactoryException failure, ObjectNode errors) {
        boolean asks = grader.type().endsWith("_model");
        switch (failure.code()) {
            case INVALID_VALUE -> errors.put(asks ? "model_grader_parse_error" : "invalid_variable_error", true);
            case CONTENT_BLOCKED -> errors.put("model_grader_refusal_error", true);
            default -> errors.put(asks ? "model_grader_server_error" : "other_error", true);
        }
        if (asks) {
            errors.put("model_grader_server_error_details", failure.getMessage());
        }
    }

    private static ObjectNode result(Grader grader, double reward, ObjectNode errors, double seconds, Models models) {
        JsonNode usage = models.costs().toJson();
        ObjectNode result = Json.MAPPER.createObjectNode().put("reward", reward);
        ObjectNode metadata =
                result.putObject("metadata").put("name", grader.name()).put("type", grader.type());
        metadata.set("errors", errors);
        metadata.put("execution_time", seconds);
        metadata.putObject("scores").put(grader.name(), reward);
        if (usage.isEmpty()) {
            metadata.putNull("token_usage").putNull("sampled_model_name");
        } else {
            metadata.put(
                    "token_usage", models.costs().total().path("total_tokens").asLong());
            metadata.put("sampled_model_name", usage.path(0).path("model_name").asText());
        }
        result.putObject("sub_rewards");
        ObjectNode byModel = result.putObject("model_grader_token_usage_per_model");
        usage.forEach(model -> byModel.set(model.path("model_name").asText(), model));
        return result;
    }
}
