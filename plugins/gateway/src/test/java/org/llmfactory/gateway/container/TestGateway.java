package org.llmfactory.gateway.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.gateway.GatewayFixture;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;

/** One container for all tests over HTTP, and a client for it. The model {@code base} always says "Hello". */
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
                .atMost(Duration.ofSeconds(20))
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

    /** Takes the engine of {@code base} away. */
    void removeEngine() {
        running.registration.unregister();
    }

    /** Brings it back. */
    void restoreEngine() {
        running.registration = running.container.register(InferenceEngine.class, running.engine);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(container().uri(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer key")
                .header("Content-Type", "application/json");
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
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
        private final AdapterInfo adapter;
        private ServiceRegistration<InferenceEngine> registration;

        Running() {
            try {
                container = new GatewayContainer();
            } catch (IOException | BundleException failure) {
                throw new IllegalStateException(failure);
            }
            InMemoryAdapterRegistry adapters = new InMemoryAdapterRegistry(BASE.info(), OTHER.info());
            adapter = adapters.add("pirate", BASE.info());
            adapters.add("foreign", OTHER.info());
            container.register(
                    Authenticator.class, new InMemoryAuthenticator().allow("key", InMemoryAuthenticator.ADMINISTRATOR));
            container.register(LocalModel.class, BASE);
            container.register(LocalModel.class, OTHER);
            container.register(AdapterRegistry.class, adapters);
            registration = container.register(InferenceEngine.class, engine);
        }

        @Override
        public void close() throws Exception {
            engine.close();
            container.close();
        }
    }
}
