package org.llmfactory.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.StreamingOutput;
import javax.ws.rs.ext.RuntimeDelegate;
import org.apache.cxf.jaxrs.impl.RuntimeDelegateImpl;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.chat.testing.InMemoryChatStore;
import org.llmfactory.api.governance.testing.RecordingGovernor;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.testing.InMemoryPresets;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.gateway.generation.GatewayMetrics;
import org.llmfactory.gateway.generation.InFlight;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.governance.Governance;
import org.llmfactory.gateway.http.Client;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.ModelDirectory;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;

/**
 * A gateway as plain objects: two base models, of which the first answers as scripted, three adapters of the default
 * project, and everything that decides about requests, in memory.
 */
public final class GatewayFixture implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // The JAX-RS API's own search for an implementation works inside OSGi only.
        RuntimeDelegate.setInstance(new RuntimeDelegateImpl());
    }

    public static final StubLocalModel BASE = StubLocalModel.of("base");
    public static final StubLocalModel OTHER = StubLocalModel.of("other");
    public static final SecurityContext CALLER =
            Callers.securityContext(InMemoryAuthenticator.ADMINISTRATOR, "192.0.2.7", false);
    public static final Client CLIENT = Client.of(CALLER);
    public static final RequestLimits LIMITS = new RequestLimits(Configs.defaults(RequestLimits.Config.class));

    public final InMemoryAdapterRegistry adapters = new InMemoryAdapterRegistry(BASE.info(), OTHER.info());
    public final InMemoryProjects projects = new InMemoryProjects();
    public final InMemoryPresets presets = new InMemoryPresets();
    public final RecordingGovernor governor = new RecordingGovernor();
    public final InMemoryLedger ledger = new InMemoryLedger();
    public final InMemoryChatStore chats = new InMemoryChatStore();
    public final Governance governance = new Governance();
    public final ModelDirectory directory = new ModelDirectory();
    public final ModelResolver models =
            new ModelResolver(directory, Configs.with(ModelResolver.Config.class, Map.of("waitSeconds", 1)));
    public final InFlight inFlight = new InFlight();
    public final TextGeneration generations = new TextGeneration(
            inFlight, new GatewayMetrics(), governance, Configs.defaults(TextGeneration.Config.class));
    public final ScriptedInferenceEngine engine;

    public GatewayFixture(Function<GenerationRequest, Script> scripts) {
        engine = new ScriptedInferenceEngine(BASE.info(), scripts);
        directory.addModel(BASE);
        directory.addModel(OTHER);
        directory.addEngine(engine, Map.of());
        directory.setRegistry(adapters);
        directory.setProjects(projects);
        directory.setPresets(presets);
        governance.setGovernor(governor);
        governance.setLedger(ledger);
        governance.setChats(chats);
        adapters.add("pirate", BASE.info());
        adapters.add("poet", BASE.info());
        adapters.add("foreign", OTHER.info());
    }

    /** A gateway whose model always says the same, and then ends. */
    public static GatewayFixture saying(String text) {
        return new GatewayFixture(request -> Script.of(ids(text, ByteTextCodec.END)));
    }

    @Override
    public void close() {
        engine.close();
    }

    /** The adapter of the default project. */
    public AdapterInfo adapter(String name) {
        return adapters.find(name).stream()
                .filter(adapter -> adapter.project().equals(Caller.DEFAULT_PROJECT))
                .findFirst()
                .orElseThrow();
    }

    /** An adapter of anybody's. */
    public AdapterInfo add(String name, String project, String owner, Visibility visibility) {
        return adapters.add(new AdapterRegistry.Label(name, project, owner, visibility), BASE.info());
    }

    /** A preset of the model {@code base}, made by the platform. */
    public static Preset preset(
            String name,
            String project,
            Visibility visibility,
            List<Preset.Part> adapters,
            Optional<String> system,
            Map<String, Object> parameters) {
        return new Preset(
                "preset_" + name,
                project,
                "admin",
                visibility,
                name,
                1,
                "base",
                adapters,
                system,
                parameters,
                Instant.ofEpochSecond(1_700_000_000));
    }

    /** A member of a project, and what JAX-RS knows of him. */
    public static SecurityContext member(String id, String project) {
        return Callers.securityContext(InMemoryAuthenticator.user(id, project, ProjectRole.MEMBER), "192.0.2.8", false);
    }

    /** The byte codec's ids of a text, and more ids. */
    public static int[] ids(String text, int... more) {
        int[] bytes = new ByteTextCodec().encode(text, false);
        int[] ids = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, ids, bytes.length, more.length);
        return ids;
    }

    /** The request the engine was given last. */
    public GenerationRequest lastRequest() {
        List<GenerationRequest> requests = engine.requests();
        return requests.get(requests.size() - 1);
    }

    /** JSON with single quotes, for legibility. */
    public static ObjectNode body(String json) {
        return (ObjectNode) parse(json.replace('\'', '"'));
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A response's entity as the client would read it. */
    public static JsonNode json(Response response) {
        return parse(new String(Json.write(response.getEntity()), UTF_8));
    }

    /** Everything a streamed response writes. */
    public static String stream(Response response) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ((StreamingOutput) response.getEntity()).write(out);
            return out.toString(UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The payloads of a stream's events, but for its end marker. */
    public static List<JsonNode> events(Response response) {
        List<JsonNode> events = new ArrayList<>();
        for (String event : stream(response).split("\n\n", -1)) {
            if (event.startsWith("data: {")) {
                events.add(parse(event.substring("data: ".length())));
            }
        }
        return events;
    }
}
