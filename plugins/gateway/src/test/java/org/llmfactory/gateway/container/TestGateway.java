package org.llmfactory.gateway.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.testing.InMemoryChatStore;
import org.llmfactory.api.governance.Governor;
import org.llmfactory.api.governance.testing.RecordingGovernor;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.Presets;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;
import org.llmfactory.api.project.testing.InMemoryPresets;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.gateway.GatewayFixture;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;

/**
 * One container for all tests over HTTP, and a client for it. The model {@code base} always says "Hello". The key {@code
 * key} is the platform's; {@code alice} and {@code bob} are members of the default project, of which {@code owner} is an
 * owner and {@code viewer} a viewer; {@code mallory} is a member of another project.
 */
final class TestGateway implements BeforeAllCallback {
    static final StubLocalModel BASE = StubLocalModel.of("base");
    static final StubLocalModel OTHER = StubLocalModel.of("other");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(Namespace.create(TestGateway.class))
                .getOrComputeIfAbsent(Running.class, type -> new Running(), Running.class);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> get("/v1/models").statusCode() == 200);
    }

    GatewayContainer container() {
        return running.container;
    }

    HttpClient client() {
        return client;
    }

    AdapterInfo adapter() {
        return running.adapter;
    }

    InMemoryAdapterRegistry adapters() {
        return running.adapters;
    }

    RecordingGovernor governor() {
        return running.governor;
    }

    InMemoryLedger ledger() {
        return running.ledger;
    }

    InMemoryProjects projects() {
        return running.projects;
    }

    InMemoryPresets presets() {
        return running.presets;
    }

    /** Takes a service of the container away while something is done. */
    void without(Class<?> service, Attempt work) throws Exception {
        running.withdraw(service);
        try {
            work.run();
        } finally {
            running.offer(service);
        }
    }

    /** Something a test does. */
    interface Attempt {
        void run() throws Exception;
    }

    /** Takes the engine of {@code base} away. */
    void removeEngine() {
        running.registration.unregister();
    }

    /** Brings it back. */
    void restoreEngine() {
        running.registration = running.container.register(InferenceEngine.class, running.engine);
    }

    HttpRequest.Builder request(String path) {
        return request("key", path);
    }

    HttpRequest.Builder request(String key, String path) {
        return HttpRequest.newBuilder(container().uri(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json");
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String key, String path) throws IOException, InterruptedException {
        return send(request(key, path).GET());
    }

    HttpResponse<String> post(String key, String path, String body) throws IOException, InterruptedException {
        return send(request(key, path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> delete(String key, String path) throws IOException, InterruptedException {
        return send(request(key, path).DELETE());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    /** A chat request for {@code base}, with more fields. */
    static String chat(String more) {
        return "{\"model\":\"base\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + more + "}";
    }

    /** A whole request on the wire. */
    static byte[] wire(String path, String body) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer key\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(UTF_8);
    }

    private static final class Running implements CloseableResource {
        private final GatewayContainer container;
        private final ScriptedInferenceEngine engine = new ScriptedInferenceEngine(
                BASE.info(), request -> Script.of(GatewayFixture.ids("Hello", ByteTextCodec.END)));
        private final InMemoryAdapterRegistry adapters = new InMemoryAdapterRegistry(BASE.info(), OTHER.info());
        private final AdapterInfo adapter = adapters.add("pirate", BASE.info());
        private final RecordingGovernor governor = new RecordingGovernor();
        private final InMemoryLedger ledger = new InMemoryLedger();
        private final InMemoryProjects projects = new InMemoryProjects();
        private final InMemoryPresets presets = new InMemoryPresets();
        private final Map<Class<?>, Object> services = new LinkedHashMap<>();
        private final Map<Class<?>, ServiceRegistration<?>> registrations = new LinkedHashMap<>();
        private ServiceRegistration<InferenceEngine> registration;

        Running() {
            try {
                container = new GatewayContainer();
            } catch (IOException | BundleException failure) {
                throw new IllegalStateException(failure);
            }
            adapters.add("foreign", OTHER.info());
            projects.put(ProjectSettings.defaults("proj_b"));
            container.register(Model.class, BASE);
            container.register(Model.class, OTHER);
            services.put(Authenticator.class, people());
            services.put(AdapterRegistry.class, adapters);
            services.put(Governor.class, governor);
            services.put(Ledger.class, ledger);
            services.put(Projects.class, projects);
            services.put(Presets.class, presets);
            services.put(ChatStore.class, new InMemoryChatStore());
            services.keySet().forEach(this::offer);
            registration = container.register(InferenceEngine.class, engine);
        }

        private static InMemoryAuthenticator people() {
            return new InMemoryAuthenticator()
                    .allow("key", InMemoryAuthenticator.ADMINISTRATOR)
                    .allow("alice", InMemoryAuthenticator.user("user-alice", "proj_default", ProjectRole.MEMBER))
                    .allow("bob", InMemoryAuthenticator.user("user-bob", "proj_default", ProjectRole.MEMBER))
                    .allow("owner", InMemoryAuthenticator.user("user-owner", "proj_default", ProjectRole.OWNER))
                    .allow("viewer", InMemoryAuthenticator.user("user-viewer", "proj_default", ProjectRole.VIEWER))
                    .allow("mallory", InMemoryAuthenticator.user("user-mallory", "proj_b", ProjectRole.MEMBER));
        }

        void offer(Class<?> type) {
            registrations.put(type, container.context().registerService(type.getName(), services.get(type), null));
        }

        void withdraw(Class<?> type) {
            registrations.get(type).unregister();
        }

        @Override
        public void close() throws Exception {
            engine.close();
            container.close();
        }
    }
}
