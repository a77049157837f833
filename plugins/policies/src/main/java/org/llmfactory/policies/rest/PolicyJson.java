package org.llmfactory.policies.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.llmfactory.policies.content.StoredPolicy;
import org.llmfactory.policies.content.Trial;
import org.llmfactory.rest.Json;

/** Policies as they are sent. */
final class PolicyJson {
    private PolicyJson() {}

    static ObjectNode of(StoredPolicy policy) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", policy.id());
        json.put("object", "content_policy");
        json.put("name", policy.name());
        json.put("version", policy.version());
        json.put("scope", policy.project().isPresent() ? "project" : "organization");
        json.put("project_id", policy.project().orElse(null));
        json.put("created_at", policy.created().getEpochSecond());
        json.put("created_by", policy.createdBy());
        json.setAll(policy.definitionTree());
        return json;
    }

    static ObjectNode of(StoredPolicy policy, String on, Trial trial) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("object", "content_policy.check");
        json.put("policy", policy.name());
        json.put("version", policy.version());
        json.put("on", on);
        json.put("verdict", trial.verdict().label());
        trial.rules().forEach(json.putArray("rules")::add);
        trial.output().ifPresent(output -> json.put("output", output));
        return json;
    }

    static ObjectNode deleted(StoredPolicy policy) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", policy.id());
        json.put("object", "content_policy.deleted");
        json.put("deleted", true);
        return json;
    }
}
