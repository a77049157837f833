package org.llmfactory.projects.rest.preset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
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
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.store.Change;
import org.llmfactory.projects.store.PresetStore;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** One preset, by its id or name, with {@code @} and a number for an older version. */
@Path("/{preset}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class PresetResource {
    private final Administration administration;
    private final PresetLookup lookup;

    public PresetResource(Administration administration) {
        this.administration = administration;
        this.lookup = new PresetLookup(administration);
    }

    @GET
    @Requires(Action.READ_PRESET)
    public PresetObject get(@Context SecurityContext security, @PathParam("preset") String reference) {
        return PresetObject.of(lookup.find(Callers.of(security), reference));
    }

    /** All versions, oldest first; a version's cursor is its number. */
    @GET
    @Path("/versions")
    @Requires(Action.READ_PRESET)
    public Page<PresetObject> versions(
            @Context SecurityContext security,
            @PathParam("preset") String reference,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        Preset preset = lookup.find(Callers.of(security), reference);
        return Pages.of(
                administration.presets().versions(preset.id()),
                limit,
                after,
                version -> Integer.toString(version.version()),
                PresetObject::of);
    }

    @GET
    @Path("/versions/{version}")
    @Requires(Action.READ_PRESET)
    public PresetObject version(
            @Context SecurityContext security,
            @PathParam("preset") String reference,
            @PathParam("version") String number) {
        Preset preset = lookup.find(Callers.of(security), reference);
        return PresetObject.of(lookup.version(preset.id(), number)
                .orElseThrow(() -> Resource.unknown(Resource.Kind.PRESET, reference + "@" + number)));
    }

    /**
     * Makes the next version of what the request names; the rest stays. Naming nothing but the visibility makes none.
     * What is published, and what is to be, only administrators change; but its owner may withdraw it.
     */
    @POST
    @Requires(Action.UPDATE_PRESET)
    public PresetObject update(
            @Context SecurityContext security, @PathParam("preset") String reference, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        PresetRequest request = PresetRequest.of(fields);
        Preset known = lookup.find(Callers.of(security), reference);
        if (request.name().filter(name -> !name.equals(known.name())).isPresent()) {
            throw fields.invalid("name", "a preset keeps its name; make another instead");
        }
        check(Callers.of(security), known, reference, request);
        Preset changed = administration.changePresets(security, change -> write(change, known, request));
        return PresetObject.of(changed);
    }

    private static void check(Caller caller, Preset preset, String reference, PresetRequest request) {
        AccessPolicy.check(caller, Action.UPDATE_PRESET, Resource.of(preset), reference);
        boolean published = preset.visibility() == Visibility.PUBLIC;
        boolean publishes =
                request.visibility().filter(Visibility.PUBLIC::equals).isPresent();
        boolean withdraws = request.visibility().isPresent() && !publishes;
        if (publishes || (published && !withdraws)) {
            AccessPolicy.check(caller, Action.PUBLISH, Resource.project(preset.project()));
        }
    }

    private static Preset write(Change change, Preset known, PresetRequest request) {
        int newest = change.presets().newest(known.id());
        if (newest == 0) {
            throw Resource.unknown(Resource.Kind.PRESET, known.id());
        }
        Preset changed = new Preset(
                known.id(),
                known.project(),
                known.owner(),
                request.visibility().orElse(known.visibility()),
                known.name(),
                request.makesVersion() ? newest + 1 : known.version(),
                request.base().orElse(known.base()),
                request.adapters().orElse(known.adapters()),
                request.system().orElse(known.system()),
                request.parameters().orElse(known.parameters()),
                request.makesVersion() ? Instant.now().truncatedTo(ChronoUnit.MILLIS) : known.created());
        if (request.makesVersion()) {
            change.presets().insertVersion(changed);
        }
        if (changed.visibility() != known.visibility()) {
            change.presets().show(changed.id(), changed.visibility());
        }
        if (!changed.equals(known)) {
            change.enter(
                    "preset.updated",
                    Optional.of(changed.project()),
                    changed.id(),
                    Map.of("version", changed.version(), "visibility", Inputs.word(changed.visibility())));
            change.tell(PresetStore.PRESETS, changed.id());
        }
        return changed;
    }

    /** Deletes a preset with all its versions. */
    @DELETE
    @Requires(Action.UPDATE_PRESET)
    public Deleted delete(@Context SecurityContext security, @PathParam("preset") String reference) {
        Preset preset = lookup.find(Callers.of(security), reference);
        AccessPolicy.check(Callers.of(security), Action.UPDATE_PRESET, Resource.of(preset), reference);
        administration.changePresets(security, change -> {
            if (!change.presets().delete(preset.id())) {
                throw Resource.unknown(Resource.Kind.PRESET, reference);
            }
            change.enter("preset.deleted", Optional.of(preset.project()), preset.id(), Map.of("name", preset.name()));
            change.tell(PresetStore.PRESETS, preset.id());
            return preset;
        });
        return Deleted.of("preset.deleted", preset.id());
    }
}
