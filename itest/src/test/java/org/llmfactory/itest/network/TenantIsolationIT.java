package org.llmfactory.itest.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Session;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.util.ByteSequence;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.People;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.messaging.link.LaneDestination;

/** A controller and a node of each of two projects, as processes: what one project's node and members can do to the other. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TenantIsolationIT {
    private static final int CHATS = 6;
    private static final int DEADLINE_SECONDS = 90;

    private static Machines machines;
    private static Machine controller;
    private static Machine nodeOfA;
    private static Machine nodeOfB;
    private static Network network;
    private static String a;
    private static String b;
    private static String empty;

    /** Sees where an answer comes from, and is a member of every project. */
    private static ApiClient operator;

    @RegisterExtension
    static final LogsOnFailure LOGS = new LogsOnFailure(() -> machines);

    @BeforeAll
    static void start() throws Exception {
        machines = Machines.create(3);
        controller = machines.get(0);
        nodeOfA = machines.get(1).withModel();
        nodeOfB = machines.get(2).withModel();
        network = Network.open(controller);
        a = controller.lastLine("project", "create", "alpha");
        b = controller.lastLine("project", "create", "beta");
        empty = controller.lastLine("project", "create", "gamma");
        operator = operator(a, b, empty);
        network.join(nodeOfA, "node-a", "--tenant", "alpha");
        network.join(nodeOfB, "node-b", "--tenant", "beta");
        network.awaitEngine(a + "/node-a");
        network.awaitEngine(b + "/node-b");
    }

    private static ApiClient operator(String... projects) throws Exception {
        Map<String, ProjectRole> memberships =
                Arrays.stream(projects).collect(Collectors.toMap(Function.identity(), project -> ProjectRole.MEMBER));
        return new People(controller.url(), controller.administrator())
                .invite("operator", OrganizationRole.OWNER, memberships)
                .session();
    }

    @AfterAll
    static void stop() throws Exception {
        if (machines != null) {
            machines.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void theBrokerRefusesWhatIsOfTheOtherProject(Lane lane) throws Exception {
        assertApart(nodeOfA, nodeOfB, lane);
        assertApart(nodeOfB, nodeOfA, lane);
    }

    private static void assertApart(Machine one, Machine other, Lane lane) throws JMSException {
        AgentAddress self = DirectClient.address(one);
        AgentAddress root = new AgentAddress(AgentAddress.PLATFORM, "root");
        ActiveMQConnection connection = DirectClient.open(one, lane);
        try {
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThatCode(() -> send(session, destination(lane, root)))
                    .as("%s to its controller", self)
                    .doesNotThrowAnyException();
            for (Lane each : Lane.values()) {
                ActiveMQDestination foreign = destination(each, DirectClient.address(other));
                assertRefused(() -> session.createConsumer(foreign), foreign);
                assertRefused(() -> send(session, foreign), foreign);
                assertRefused(() -> session.createConsumer(destination(each, root)), root);
            }
            String all = LaneDestination.text(lane) + ".>";
            assertRefused(() -> session.createConsumer(new ActiveMQQueue(all)), all);
            assertRefused(() -> session.createConsumer(new ActiveMQTopic(all)), all);
        } finally {
            connection.close();
        }
    }

    private static ActiveMQDestination destination(Lane lane, AgentAddress agent) {
        LaneDestination destination = new LaneDestination(lane, agent);
        return destination.isQueue() ? new ActiveMQQueue(destination.name()) : new ActiveMQTopic(destination.name());
    }

    private static void send(Session session, ActiveMQDestination to) throws JMSException {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.setContent(new ByteSequence(new byte[] {1}));
        session.createProducer(null).send(to, message);
    }

    private static void assertRefused(ThrowingCallable attempt, Object what) {
        assertThatThrownBy(attempt)
                .as("%s", what)
                .satisfies(error -> assertThat(error instanceof SecurityException
                                || error.getCause() instanceof SecurityException
                                || error instanceof JMSSecurityException)
                        .as("%s", error)
                        .isTrue());
    }

    @Test
    void chatsStayOnTheNodeOfTheirProject() throws Exception {
        for (int i = 0; i < CHATS; i++) {
            assertThat(route(chat(operator.inProject(a)))).contains("agent=" + a + "/node-a;");
            assertThat(route(chat(operator.inProject(b)))).contains("agent=" + b + "/node-b;");
        }
        assertThat(chat(ApiClient.anonymous(controller.url()).withKey(account("alpha")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aProjectWithoutAnEngineIsRefusedThoughOthersHaveOne() throws Exception {
        assertRefused(chat(operator.inProject(empty)));

        nodeOfA.succeed("down");
        try {
            network.awaitSilent(a + "/node-a");

            // Each waits a while, since an engine may only be away for a moment.
            ApiClient member = ApiClient.anonymous(controller.url()).withKey(account("alpha"));
            CompletableFuture<HttpResponse<String>> first = chatSoon(operator.inProject(a));
            CompletableFuture<HttpResponse<String>> second = chatSoon(member);
            assertThat(route(chat(operator.inProject(b)))).contains("agent=" + b + "/node-b;");
            assertRefused(first.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
            assertRefused(second.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
        } finally {
            nodeOfA.succeed("up", "--feature", "cpu-node");
            network.awaitEngine(a + "/node-a");
        }
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isIn(404, 503);
        assertThat(ApiClient.json(answer).path("error").path("message").asText())
                .as(answer.body())
                .isNotEmpty()
                .doesNotContain(a, b);
    }

    @Test
    void theNodeItselfOpensNothingToTheOtherProject() throws Exception {
        String other = b + "/node-b";

        Shell.Result call = nodeOfA.factory("agent", "call", other, "agent.ping");
        assertThat(call.status()).as(call.output()).isEqualTo(1);
        HttpResponse<String> tunnel =
                nodeOfA.administrator().post("/admin/tunnels", Map.of("agent", other, "target", "127.0.0.1:8080"));
        assertThat(tunnel.statusCode()).as(tunnel.body()).isEqualTo(403);
        assertThat(ApiClient.accepted(nodeOfA.administrator().get("/admin/tunnels"))
                        .path("data"))
                .isEmpty();
    }

    @Test
    void membersOfAProjectNeitherSeeNorCallAgents() throws Exception {
        ApiClient member = ApiClient.anonymous(controller.url()).withKey(account("alpha"));

        for (String address : List.of(a + "/node-a", b + "/node-b")) {
            assertForbidden(member.get("/admin/agents/" + address));
            assertForbidden(member.get("/admin/agents/" + address + "/actions"));
            assertForbidden(member.get("/admin/agents/" + address + "/logs"));
            assertForbidden(member.post("/admin/agents/" + address + "/actions/agent.ping", Map.of()));
            assertForbidden(member.post("/admin/tunnels", Map.of("agent", address, "target", "127.0.0.1:8080")));
        }
        assertForbidden(member.get("/admin/agents"));
        assertForbidden(member.get("/admin/network/agents"));
        assertForbidden(member.inProject(b).get("/v1/models"));
    }

    private static void assertForbidden(HttpResponse<String> answer) {
        assertThat(answer.statusCode())
                .as(answer.request() + " " + answer.body())
                .isIn(401, 403, 404);
        assertThat(answer.body()).doesNotContain("\"hardware\"", "\"data\"");
    }

    private static HttpResponse<String> chat(ApiClient client) throws Exception {
        return client.post(
                "/v1/chat/completions",
                Map.of(
                        "model",
                        RunningAgent.MODEL,
                        "messages",
                        List.of(Map.of("role", "user", "content", "Say hello.")),
                        "max_tokens",
                        8));
    }

    private static CompletableFuture<HttpResponse<String>> chatSoon(ApiClient client) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return chat(client);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    private static String route(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("x-llmfactory-route").orElse("");
    }

    /** The key of a new program of a project. */
    private static String account(String project) throws Exception {
        String name = "program-" + System.nanoTime();
        return controller.lastLine("service-account", "create", name, "--project", project);
    }
}
