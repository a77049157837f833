package org.llmfactory.gateway.lorax;

import com.fasterxml.jackson.annotation.JsonProperty;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** What LoRAX tells of the model it serves: here of the caller's default base model. */
@Path("info")
@Produces(MediaType.APPLICATION_JSON)
public final class InfoResource {
    private final ModelResolver models;

    /** LoRAX's field names. */
    record Info(
            @JsonProperty("model_id") String modelId,
            @JsonProperty("model_sha") String modelSha,
            @JsonProperty("model_dtype") String modelDtype,
            @JsonProperty("model_device_type") String modelDeviceType,
            @JsonProperty("model_pipeline_tag") String modelPipelineTag,
            @JsonProperty("max_best_of") int maxBestOf,
            @JsonProperty("max_stop_sequences") int maxStopSequences,
            @JsonProperty("max_input_length") int maxInputLength,
            @JsonProperty("max_total_tokens") int maxTotalTokens,
            @JsonProperty("eager_prefill") boolean eagerPrefill,
            String version) {}

    public InfoResource(ModelResolver models) {
        this.models = models;
    }

    @GET
    @Requires(Action.GENERATE)
    public Info get(@Context SecurityContext security) throws InterruptedException {
        ResolvedModel model = models.resolve(Callers.of(security), "");
        EngineStatus status = model.engine().status();
        return new Info(
                model.base().id(),
                model.base().digest(),
                "torch." + status.weightType(),
                status.device(),
                "text-generation",
                20,
                4,
                model.base().contextLength() - 1,
                model.base().contextLength(),
                false,
                "llm-factory");
    }
}
