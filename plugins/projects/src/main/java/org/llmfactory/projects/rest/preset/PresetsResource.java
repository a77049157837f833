package org.llmfactory.projects.rest.preset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;
import org.llmfactory.database.Ids;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.store.NewPreset;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The presets that the caller may know of. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class PresetsResource {
    private final Administration administration;
    private final PresetLookup lookup;

    public PresetsResource(Administration administration) {
        this.administration = administration;
        this.lookup = new PresetLookup(administration);
    }

    /** The newest version of each. */
    @GET
    @Requires(Action.READ_PRESET)
    public Page<PresetObject> list(
            @Context SecurityContext security,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        List<Preset> presets = lookup.visible(Callers.of(security)).toList();
        return Pages.of(presets, limit, after, Preset::id, PresetObject::of);
    }

    /** Makes a preset in the project that the request is about, for the project unless it says otherwise. */
    @POST
    @Requires(Action.CREATE_PRESET)
    public PresetObject create(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        PresetRequest request = PresetRequest.of(fields);
        Caller caller = Callers.of(security);
        Preset preset = new Preset(
                Ids.next("preset_"),
                caller.project(),
                caller.id(),
                request.visibility().orElse(Visibility.PROJECT),
                request.name().orElseThrow(() -> fields.missing("name")),
                1,
                request.base().orElseThrow(() -> fields.missing("base")),
                request.adapters().orElse(List.of()),
                request.system().orElse(Optional.empty()),
                request.parameters().orElse(Map.of()),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        AccessPolicy.check(caller, Action.CREATE_PRESET, Resource.project(preset.project()));
        if (preset.visibility() == Visibility.PUBLIC) {
            AccessPolicy.check(caller, Action.PUBLISH, Resource.project(preset.project()));
        }
        Lookup.activeProject(administration.now(), preset.project());
        administration.changePresets(security, change -> NewPreset.insert(change, preset));
        return PresetObject.of(preset);
    }
}
