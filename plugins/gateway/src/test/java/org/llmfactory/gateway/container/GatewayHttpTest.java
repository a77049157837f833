package org.llmfactory.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.testing.StubLocalModel;

final class GatewayHttpTest {
    private static GatewayContainer container;

    @BeforeAll
    static void start() throws Exception {
        container = new GatewayContainer();
        container.register(
                Authenticator.class, new InMemoryAuthenticator().allow("key", InMemoryAuthenticator.ADMINISTRATOR));
        container.register(LocalModel.class, StubLocalModel.of("base"));
    }

    @AfterAll
    static void stop() throws Exception {
        container.close();
    }

    @Test
    void probe() throws Exception {
        for (String path : new String[] {
            "/v1/models",
            "/openai/v1/models",
            "/models",
            "/models/base",
            "/v1/nothing",
            "/nothing",
            "/chat/nothing",
            "/v1/models?x=1"
        }) {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(container.uri(path))
                                    .header("Authorization", "Bearer key")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            System.out.println(path + " " + response.statusCode() + " " + response.body() + " "
                    + response.headers().map());
        }
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(container.uri("/v1/models")).build(),
                        HttpResponse.BodyHandlers.ofString());
        System.out.println(response.statusCode() + " " + response.body() + " "
                + response.headers().map());
        assertThat(response.statusCode()).isEqualTo(401);
    }
}
