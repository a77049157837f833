package org.llmfactory.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.llmfactory.gateway.GatewayFixture.body;
import static org.llmfactory.gateway.GatewayFixture.json;

import java.util.Map;
import java.util.function.Function;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.gateway.GatewayFixture;
import org.llmfactory.gateway.lorax.GenerateResource;

/** What a request costs and tells that went to engines on other agents. */
final class RouteTest {
    private static final String HEADER = "x-llmfactory-route";

    private final FactoryException lost = new FactoryException(ErrorCode.UNAVAILABLE, "The node was lost.");
    private final GatewayFixture gateway =
            new GatewayFixture(request -> Script.of().failingWith(lost));
    private final ScriptedInferenceEngine node = new ScriptedInferenceEngine(
            GatewayFixture.BASE.info(), request -> Script.of(GatewayFixture.ids("Hey", ByteTextCodec.END)));

    @AfterEach
    void close() {
        gateway.close();
        node.close();
    }

    @Test
    void aSecondTryIsAnsweredAndPaidForOnce() throws InterruptedException {
        remote(node, "shared/node-1");

        Response response = create(GatewayFixture.CALLER, "");

        assertThat(json(response).at("/choices/0/message/content").asText()).isEqualTo("Hey");
        assertThat(response.getHeaderString(HEADER))
                .isEqualTo("agent=shared/node-1; reason=\"load 0, remote\"; tried=2");
        int prompt = node.requests().get(0).prompt().length;
        assertThat(gateway.governor.settled()).singleElement().satisfies(settled -> {
            assertThat(settled.usage()).isEqualTo(Usage.ofTokens(prompt, 0, 4));
            assertThat(settled.outcome()).isEqualTo(Outcome.COMPLETED);
        });
        assertThat(gateway.governor.open()).isZero();
    }

    @Test
    void aStreamsHeaderTellsTheRouteToo() throws InterruptedException {
        remote(node, "shared/node-1");

        Response response = create(GatewayFixture.CALLER, ",'stream':true");

        assertThat(response.getHeaderString(HEADER))
                .contains("agent=shared/node-1")
                .endsWith("tried=2");
        assertThat(GatewayFixture.stream(response))
                .contains("\"content\":\"y\"")
                .endsWith("data: [DONE]\n\n");
        assertThat(gateway.governor.settled()).hasSize(1);
    }

    @Test
    void nobodyButOperatorsHearsOfTheRoute() throws InterruptedException {
        remote(node, "shared/node-1");
        SecurityContext member = GatewayFixture.member("user-1", "proj_default");

        assertThat(create(member, "").getHeaderString(HEADER)).isNull();
        assertThat(create(member, ",'stream':true").getHeaderString(HEADER)).isNull();
        assertThat(generate(member, "generate").getHeaderString(HEADER)).isNull();
        assertThat(generate(member, "generate_stream").getHeaderString(HEADER)).isNull();
    }

    @Test
    void theOtherInterfacesTellItAsWell() throws InterruptedException {
        remote(node, "shared/node-1");

        assertThat(new CompletionsResource(new TextAnswers(gateway.models, gateway.generations, GatewayFixture.LIMITS))
                        .create(body("{'model':'base','prompt':'hi'}"), GatewayFixture.CALLER)
                        .getHeaderString(HEADER))
                .contains("agent=shared/node-1");
        assertThat(generate(GatewayFixture.CALLER, "generate").getHeaderString(HEADER))
                .contains("agent=shared/node-1");
        assertThat(generate(GatewayFixture.CALLER, "generate_stream").getHeaderString(HEADER))
                .contains("agent=shared/node-1");
    }

    @Test
    void withoutOtherAgentsTheRouteIsThisProcess() throws InterruptedException {
        gateway.directory.removeEngine(gateway.engine);
        gateway.directory.addEngine(node, Map.of());

        assertThat(create(GatewayFixture.CALLER, "").getHeaderString(HEADER))
                .isEqualTo("agent=local; reason=\"only engine, local\"; tried=1");
    }

    @Test
    void aNodeThatIsLostInTheMiddleFailsTheAnswerAndIsPaidForWhatItSaid() {
        gateway.directory.removeEngine(gateway.engine);
        try (ScriptedInferenceEngine breaking =
                engine(request -> Script.of('a', 'b').failingWith(lost))) {
            remote(breaking, "shared/node-2");

            assertThatThrownBy(() -> create(GatewayFixture.CALLER, ""))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE));

            assertThat(gateway.governor.settled()).singleElement().satisfies(settled -> {
                assertThat(settled.usage().outputTokens()).isEqualTo(2);
                assertThat(settled.outcome()).isEqualTo(Outcome.FAILED);
            });
        }
    }

    private static ScriptedInferenceEngine engine(Function<GenerationRequest, Script> script) {
        return new ScriptedInferenceEngine(GatewayFixture.BASE.info(), script);
    }

    /** Turns begin with the fixture's own engine, which is preferred anyway while both are idle. */
    private void remote(InferenceEngine engine, String address) {
        gateway.directory.addEngine(
                engine,
                Map.of(
                        InferenceEngine.REMOTE,
                        true,
                        InferenceEngine.AGENT,
                        address,
                        InferenceEngine.TENANT,
                        "shared",
                        InferenceEngine.REGION,
                        ""));
    }

    private Response create(SecurityContext security, String more) throws InterruptedException {
        return new ChatCompletionsResource(new ChatAnswers(
                        gateway.models,
                        gateway.generations,
                        new StoredChats(gateway.governance),
                        GatewayFixture.LIMITS))
                .create(
                        body("{'model':'base','messages':[{'role':'user','content':'hi'}]" + more + "}"),
                        null,
                        security);
    }

    private Response generate(SecurityContext security, String form) throws InterruptedException {
        GenerateResource resource = new GenerateResource(gateway.models, gateway.generations, GatewayFixture.LIMITS);
        return form.equals("generate")
                ? resource.generate(body("{'inputs':'hi'}"), security)
                : resource.generateStream(body("{'inputs':'hi'}"), security);
    }
}
