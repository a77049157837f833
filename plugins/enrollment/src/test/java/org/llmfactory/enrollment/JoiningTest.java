package org.llmfactory.enrollment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.join.JoinToken;
import org.llmfactory.agent.network.NetworkResource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.testing.SettableClock;
import org.llmfactory.rest.Json;

/** The way into a network, over HTTP, with everyone who might stand in it. */
final class JoiningTest {
    @TempDir
    Path homes;

    private final SettableClock clock = new SettableClock();
    private final SettableClock agentsClock = new SettableClock();
    private final InMemoryControlPlane network = new InMemoryControlPlane();
    private TestController controller;
    private TestAgent agent;

    @BeforeEach
    void start() throws IOException {
        controller = new TestController(
                        "central", homes.resolve("central"), TestController.emptyDatabase(), network, clock)
                .withBroker();
        agent = new TestAgent(homes.resolve("agent"), agentsClock);
    }

    @AfterEach
    void stop() {
        controller.close();
        network.close();
    }

    private static void assertRefused(ErrorCode code, String words, Callable<?> work) {
        assertThatThrownBy(work::call).isInstanceOfSatisfying(FactoryException.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure).hasMessageContaining(words);
        });
    }

    @Test
    void theFirstTokenFoundsTheNetworkAndAnAgentJoinsWithIt() throws Exception {
        JoinToken token = controller.token().secret();

        NetworkResource.Membership membership = agent.join(controller.url(), token.text(), "node-1");

        assertThat(membership.address()).isEqualTo("shared/node-1");
        assertThat(membership.network()).isEqualTo(token.network());
        assertThat(membership.region()).isEqualTo("central");
        assertThat(membership.controllers()).containsExactly("platform/central");
        assertThat(membership.brokers()).containsExactly("ssl://central.example.org:61617");
        assertThat(controller.identity().trust().verify(agent.identity().chain()))
                .isEqualTo(AgentAddress.parse("shared/node-1"));
        assertThat(agent.identity().trust().verify(controller.identity().chain()))
                .isEqualTo(AgentAddress.parse("platform/central"));
        assertThat(controller.ledger.types()).containsExactly("network.created", "agent.token.created", "agent.joined");
        assertThat(controller.members.list())
                .extracting(member -> member.address().toString())
                .containsExactlyInAnyOrder("platform/central", "shared/node-1");
    }

    @Test
    void theSecretNeverTravels() throws Exception {
        JoinToken token = controller.token().secret();
        List<String> seen = new ArrayList<>();
        UnaryOperator<byte[]> wiretap = body -> {
            seen.add(new String(body, UTF_8));
            return body;
        };
        controller.intercept(wiretap, wiretap);

        agent.join(controller.url(), token.text(), "node-1");

        String secret = token.text().split("\\.", -1)[1];
        assertThat(seen).hasSize(2).noneMatch(body -> body.contains(secret));
    }

    @Test
    void aTokenOpensOnceOnly() throws Exception {
        String token = controller.token().secret().text();
        agent.join(controller.url(), token, "node-1");

        TestAgent other = new TestAgent(homes.resolve("other"), agentsClock);

        assertRefused(
                ErrorCode.PERMISSION_DENIED,
                "does not take this token",
                () -> other.join(controller.url(), token, "node-2"));
    }

    @Test
    void whoDoesNotKnowTheSecretHearsTheSameAsWhoComesTooLateOrWithNothing() throws Exception {
        JoinToken made = controller.token().secret();
        JoinToken revoked = controller.token().secret();
        JoinToken expired = controller.token().secret();
        controller.tokens.revoke(revoked.id(), Actor.system());
        List<String> heard = new ArrayList<>();
        Consumer<JoinToken> attempt =
                token -> assertThatThrownBy(() -> agent.join(controller.url(), token.text(), "node-1"))
                        .isInstanceOf(FactoryException.class)
                        .satisfies(failure -> heard.add(failure.getMessage()));

        attempt.accept(new JoinToken(made.id(), new byte[32], made.network()));
        attempt.accept(new JoinToken("0".repeat(24), made.secret(), made.network()));
        attempt.accept(revoked);
        clock.advance(Duration.ofMinutes(61));
        agentsClock.advance(Duration.ofMinutes(61));
        attempt.accept(expired);

        assertThat(heard).hasSize(4);
        assertThat(heard.stream().distinct()).hasSize(1).first().asString().contains("./factory agent token");
        assertThat(agent.keeper.identity()).isEmpty();
    }

    @Test
    void aRequestThatIsRepeatedOpensNothing() throws Exception {
        String token = controller.token().secret().text();
        AtomicReference<byte[]> recorded = new AtomicReference<>();
        controller.intercept(
                body -> {
                    recorded.compareAndSet(null, body);
                    return body;
                },
                UnaryOperator.identity());
        agent.join(controller.url(), token, "node-1");

        HttpResponse<String> again = post(recorded.get());

        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(again.body()).contains("does not take this token");
    }

    @Test
    void aRequestThatIsAlteredOnTheWayOpensNothing() throws Exception {
        String token = controller.token().secret().text();
        controller.intercept(altering(request -> request.put("name", "intruder")), UnaryOperator.identity());

        assertRefused(
                ErrorCode.PERMISSION_DENIED,
                "does not take this token",
                () -> agent.join(controller.url(), token, "node-1"));

        controller.intercept(UnaryOperator.identity(), UnaryOperator.identity());
        assertThat(agent.join(controller.url(), token, "node-1").member()).isTrue();
    }

    @Test
    void nothingIsTakenFromAnAnswerThatWasAltered() throws Exception {
        for (Consumer<ObjectNode> change : List.<Consumer<ObjectNode>>of(
                answer -> answer.putArray("brokers").add("ssl://hostile.example.org:61617"),
                answer -> answer.putArray("controllers").add("platform/hostile"),
                answer -> answer.put("address", "shared/another"),
                answer -> answer.put("time", answer.get("time").asLong() + 1),
                answer -> answer.put("proof", "0".repeat(64)))) {
            String token = controller.token().secret().text();
            controller.intercept(UnaryOperator.identity(), altering(change));

            assertRefused(
                    ErrorCode.PERMISSION_DENIED,
                    "is not proven",
                    () -> agent.join(controller.url(), token, "node-" + System.nanoTime()));
            assertThat(agent.keeper.identity()).isEmpty();
        }
    }

    @Test
    void whoeverStandsInTheMiddleCannotPresentAnotherRoot() throws Exception {
        JoinToken token = controller.token().secret();
        IssuingAuthority hostile = IssuingAuthority.newRoot("central", clock.instant());
        controller.intercept(
                UnaryOperator.identity(),
                altering(answer -> answer.put("root", Base64.getEncoder().encodeToString(encoded(hostile)))));

        assertRefused(
                ErrorCode.PERMISSION_DENIED,
                "is not proven",
                () -> agent.join(controller.url(), token.text(), "node-1"));
    }

    @Test
    void aRootThatIsNotTheTokensIsRefusedEvenFromWhoKnowsTheSecret() throws Exception {
        JoinToken token = controller.token().secret();
        JoinToken forged = new JoinToken(token.id(), token.secret(), "ab".repeat(32));

        assertRefused(
                ErrorCode.PERMISSION_DENIED,
                "its root authority is another one",
                () -> agent.join(controller.url(), forged.text(), "node-1"));
        assertThat(agent.keeper.identity()).isEmpty();
    }

    @Test
    void ofManyWhoUseATokenAtOnceOneComesIn() throws Exception {
        String token = controller.token().secret().text();
        ExecutorService crowd = Executors.newFixedThreadPool(6);
        int in = 0;
        try {
            List<Future<NetworkResource.Membership>> attempts = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                TestAgent one = new TestAgent(homes.resolve("crowd" + i), agentsClock);
                String name = "node-" + i;
                attempts.add(crowd.submit(() -> one.join(controller.url(), token, name)));
            }
            for (Future<NetworkResource.Membership> attempt : attempts) {
                try {
                    attempt.get(60, TimeUnit.SECONDS);
                    in++;
                } catch (ExecutionException refused) {
                    assertThat(refused.getCause()).hasMessageContaining("does not take this token");
                }
            }
        } finally {
            crowd.shutdownNow();
        }

        assertThat(in).isEqualTo(1);
        assertThat(controller.ledger.types()).containsOnlyOnce("agent.joined");
    }

    @Test
    void aClockThatIsWrongIsNamedAndTheTokenStaysGood() throws Exception {
        String token = controller.token().secret().text();
        agentsClock.advance(Duration.ofMinutes(-10));

        assertRefused(
                ErrorCode.INVALID_VALUE, "10 min 0 s behind", () -> agent.join(controller.url(), token, "node-1"));

        agentsClock.advance(Duration.ofMinutes(11));
        assertThat(agent.join(controller.url(), token, "node-1").member()).isTrue();
    }

    @Test
    void aNodeOfAProjectIsThatProjectsAlone() throws Exception {
        controller.projects.put(ProjectSettings.defaults("proj_a"));
        String token = controller
                .token(JoinKind.NODE, "proj_a", Optional.of("private-1"))
                .secret()
                .text();

        NetworkResource.Membership membership = agent.join(controller.url(), token, "whatever");

        assertThat(membership.address()).isEqualTo("proj_a/private-1");
        assertThat(controller.ledger.events().get(2).project()).contains("proj_a");
        assertRefused(
                ErrorCode.INVALID_VALUE,
                "there is no project 'proj_b'",
                () -> controller.token(JoinKind.NODE, "proj_b", Optional.empty()));
    }

    @Test
    void aNameBelongsToOneAgentUnlessATokenIsForJustThatName() throws Exception {
        agent.join(controller.url(), controller.token().secret().text(), "node-1");
        TestAgent second = new TestAgent(homes.resolve("second"), agentsClock);
        String anyName = controller.token().secret().text();
        assertRefused(
                ErrorCode.CONFLICT, "belongs to an agent", () -> second.join(controller.url(), anyName, "node-1"));
        assertThat(second.join(controller.url(), anyName, "node-2").address()).isEqualTo("shared/node-2");

        TestAgent third = new TestAgent(homes.resolve("third"), agentsClock);
        String justThis = controller
                .token(JoinKind.NODE, AgentAddress.SHARED, Optional.of("node-1"))
                .secret()
                .text();

        assertThat(third.join(controller.url(), justThis, "x").address()).isEqualTo("shared/node-1");
        assertThatThrownBy(() ->
                        controller.identity().trust().verify(agent.identity().chain()))
                .hasMessageContaining("revoked");
    }

    @Test
    void theControllersOwnNameIsNobodyElses() throws Exception {
        String token = controller
                .token(JoinKind.NODE, AgentAddress.SHARED, Optional.of("central"))
                .secret()
                .text();

        assertRefused(ErrorCode.CONFLICT, "belongs to an agent", () -> agent.join(controller.url(), token, "x"));
    }

    @Test
    void aTokenForAControllerLetsNoNodeIn() throws Exception {
        String token = controller
                .token(JoinKind.CONTROLLER, AgentAddress.SHARED, Optional.empty())
                .secret()
                .text();

        assertRefused(
                ErrorCode.INVALID_VALUE, "is for a controller", () -> agent.join(controller.url(), token, "node-1"));
    }

    @Test
    void whoIsInJoinsNoSecondTimeUnlessHisCertificateHasEnded() throws Exception {
        agent.join(controller.url(), controller.token().secret().text(), "node-1");
        String token = controller.token().secret().text();
        assertRefused(
                ErrorCode.CONFLICT,
                "is a member of a network already",
                () -> agent.join(controller.url(), token, "node-1"));

        clock.advance(Duration.ofHours(25));
        agentsClock.advance(Duration.ofHours(25));
        String later = controller.token().secret().text();

        assertThat(agent.join(controller.url(), later, "node-1").address()).isEqualTo("shared/node-1");
    }

    @Test
    void withoutABrokerNoTokenIsMade() throws Exception {
        try (TestController lonely =
                new TestController("lonely", homes.resolve("lonely"), TestController.emptyDatabase(), network, clock)) {
            assertRefused(ErrorCode.OVERLOADED, "broker does not take connections", lonely::token);
            assertThat(lonely.tokens.list()).isEmpty();
        }
    }

    @Test
    void whatIsNoControllerIsToldApartFromOneThatIsNotThere() throws Exception {
        String token = controller.token().secret().text();

        assertRefused(
                ErrorCode.INVALID_VALUE,
                "no controller",
                () -> agent.join(URI.create(controller.url() + "/x"), token, "n"));
        controller.close();
        assertRefused(ErrorCode.OVERLOADED, "Nothing answers", () -> agent.join(controller.url(), token, "n"));
        assertRefused(
                ErrorCode.INVALID_VALUE, "is no controller's URL", () -> agent.join(URI.create("ftp://h"), token, "n"));
        assertRefused(
                ErrorCode.INVALID_VALUE, "This is no token", () -> agent.join(controller.url(), "lf-join-1", "n"));
    }

    @Test
    void whoFailsAgainAndAgainWaits() throws Exception {
        byte[] nonsense = ("{\"token_id\":\"" + "0".repeat(24)
                        + "\",\"kind\":\"node\",\"name\":\"n\",\"csr\":\"\",\"nonce\":\"\",\"time\":0,\"proof\":\"\"}")
                .getBytes(UTF_8);
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            statuses.add(post(nonsense).statusCode());
        }

        assertThat(statuses.subList(0, 20)).containsOnly(403);
        assertThat(statuses).last().isEqualTo(429);
    }

    @Test
    void whatIsTooLongOrNoRequestIsRefused() throws Exception {
        assertThat(post(new byte[17 * 1024]).statusCode()).isEqualTo(413);
        assertThat(post("[]".getBytes(UTF_8)).statusCode()).isEqualTo(400);
        assertThat(post("{}".getBytes(UTF_8)).body()).contains("token_id");
    }

    private HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(controller.url() + "/network/join"))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static UnaryOperator<byte[]> altering(Consumer<ObjectNode> change) {
        return body -> {
            try {
                JsonNode json = Json.MAPPER.readTree(body);
                if (json instanceof ObjectNode object && !object.has("error")) {
                    change.accept(object);
                }
                return Json.write(json);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static byte[] encoded(IssuingAuthority authority) {
        try {
            assertThat(CertificateProfile.fingerprint(authority.root().getPublicKey()))
                    .hasSize(64);
            return authority.root().getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
