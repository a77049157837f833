package org.llmfactory.inference.remote.wire;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;

/**
 * A generation as a controller asks a node for it.
 *
 * @param model id of the base model
 * @param digest digest of the base model
 * @param request what to generate; its deadline counts from when the node has heard all of it
 * @param projects of each of the request's adapters, by digest, the project that it belongs to
 */
public record RemoteRequest(String model, String digest, GenerationRequest request, Map<String, String> projects) {
    public RemoteRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(request, "request");
        projects = Map.copyOf(projects);
    }

    /** Digests of the request's adapters. */
    public List<String> adapters() {
        return request.adapters().stream().map(AdapterWeight::digest).toList();
    }
}
