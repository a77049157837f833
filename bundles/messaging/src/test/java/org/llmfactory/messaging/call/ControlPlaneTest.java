package org.llmfactory.messaging.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.ActionInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.messaging.envelope.Message;
import org.llmfactory.messaging.testing.InMemoryNetwork;
import org.llmfactory.messaging.testing.NetworkedAgent;
import org.llmfactory.messaging.testing.TestAuthority;

class ControlPlaneTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final AgentAddress NODE = AgentAddress.parse("project-a/node-1");

    private final InMemoryNetwork network = new InMemoryNetwork();
    private final TestAuthority root = TestAuthority.root();
    private final List<NetworkedAgent> agents = new ArrayList<>();
    private final EchoAction echo = new EchoAction(Callers.CONTROLLERS);
    private NetworkedAgent controller;
    private NetworkedAgent node;

    @TempDir
    Path home;

    @BeforeEach
    void join() {
        controller = join(root, root.controller());
        node = join(root.region("north"), NODE);
        node.offer(echo);
    }

    @AfterEach
    void close() {
        agents.forEach(NetworkedAgent::close);
        network.close();
    }

    @Test
    void aCallIsPerformedAndAnswered() throws Exception {
        EchoAction.Words words = EchoAction.words("hello");
        EchoAction.Echo answer = call(controller, NODE, words).get();
        assertThat(answer.caller()).isEqualTo(controller.self());
        assertThat(answer).usingRecursiveComparison().isEqualTo(new EchoAction.Echo(controller.self(), words));
        assertThat(echo.performed).hasValue(1);
    }

    @Test
    void whoWasCalledCanCallBack() throws Exception {
        controller.offer(new EchoAction(Callers.NETWORK));
        call(controller, NODE, EchoAction.words("hello")).get();
        assertThat(call(node, controller.self(), EchoAction.words("back")).get().caller())
                .isEqualTo(NODE);
    }

    @Test
    void jsonComesBackForJson() throws Exception {
        node.offer(new FunctionAction("test.upper", text -> text.toUpperCase(java.util.Locale.ROOT)));
        assertThat(controller
                        .controlPlane()
                        .callJson(NODE, "test.upper", "{\"text\":\"a\"}", DEADLINE)
                        .get())
                .isEqualTo("{\"text\":\"A\"}");
    }

    @Test
    void theCallerMayKnowFewerFieldsOfTheResult() throws Exception {
        record Caller(AgentAddress caller) {}
        assertThat(controller
                        .controlPlane()
                        .call(NODE, "test.echo", EchoAction.words("x"), Caller.class, DEADLINE)
                        .get()
                        .caller())
                .isEqualTo(controller.self());
    }

    @Test
    void actionsAreCalledOfOneselfInTheSameWay() throws Exception {
        controller.offer(echo);
        assertThat(call(controller, controller.self(), EchoAction.words("self"))
                        .get()
                        .caller())
                .isEqualTo(controller.self());
        refused(
                controller.controlPlane().callJson(controller.self(), "test.echo", "{\"text\":\"x\"}", DEADLINE),
                ErrorCode.INVALID_VALUE,
                "'times'");
    }

    @Test
    void onlyThosePermittedAreHeard() {
        NetworkedAgent sibling = join(root, AgentAddress.parse("project-a/node-2"));
        refused(call(sibling, NODE, EchoAction.words("x")), ErrorCode.PERMISSION_DENIED, "may not ask");
        NetworkedAgent stranger = join(root, AgentAddress.parse("project-b/node-1"));
        refused(call(stranger, NODE, EchoAction.words("x")), ErrorCode.PERMISSION_DENIED, "may not reach");
        assertThat(echo.performed).hasValue(0);
    }

    @Test
    void anActionThatIsNotThereIsNotFound() {
        refused(
                controller.controlPlane().callJson(NODE, "test.none", "{}", DEADLINE),
                ErrorCode.NOT_FOUND,
                "has no action 'test.none'");
        node.withdraw(echo);
        refused(call(controller, NODE, EchoAction.words("x")), ErrorCode.NOT_FOUND, "test.echo");
    }

    @Test
    void argumentsAreChecked() {
        node.offer(new FunctionAction("test.text", text -> text));
        refusedArguments("{}", "'text' is missing");
        refusedArguments("{\"text\":1}", "'text' is missing, or is not of its type");
        refusedArguments("[]", "no JSON object");
        refusedArguments("null", "no JSON object");
        refusedArguments("{", "no JSON object");
        refusedArguments("{\"text\":\"a\",\"colour\":\"red\"}", "no argument 'colour'");
    }

    @Test
    void whatAnActionThrowsTheCallerGets() {
        node.offer(new FunctionAction("test.refuse", text -> {
            throw FactoryException.ofParameter(ErrorCode.CONFLICT, "text", "It is taken.");
        }));
        node.offer(new FunctionAction("test.later", text -> {
            throw FactoryException.retryLater(ErrorCode.OVERLOADED, Duration.ofSeconds(7), "Later.");
        }));
        node.offer(new FunctionAction("test.broken", text -> {
            throw new IllegalStateException("secret");
        }));
        assertThat(refused(text("test.refuse"), ErrorCode.CONFLICT, "It is taken.")
                        .parameter())
                .contains("text");
        assertThat(refused(text("test.later"), ErrorCode.OVERLOADED, "Later.").retryAfter())
                .contains(Duration.ofSeconds(7));
        assertThat(refused(text("test.broken"), ErrorCode.INTERNAL, "see its log"))
                .hasMessageNotContaining("secret");
    }

    @Test
    void anAgentThatIsAwayIsWaitedForUntilTheDeadline() throws Exception {
        network.cut(NODE);
        refused(
                controller
                        .controlPlane()
                        .call(NODE, "test.echo", EchoAction.words("x"), EchoAction.Echo.class, Duration.ofMillis(200)),
                ErrorCode.DEADLINE_EXCEEDED,
                "did not answer");
        CompletableFuture<EchoAction.Echo> call = call(controller, NODE, EchoAction.words("x"));
        network.heal(NODE);
        assertThat(call.get().words().text()).isEqualTo("x");
        assertThat(echo.performed)
                .as("a call past its deadline is not performed")
                .hasValue(1);
    }

    @Test
    void aLostFrameIsSentAgainAndALostAnswerIsGivenAgain() throws Exception {
        call(controller, NODE, EchoAction.words("warm")).get();
        AtomicInteger toNode = new AtomicInteger();
        AtomicInteger fromNode = new AtomicInteger();
        // Loses the first call and the first answer.
        network.intercept(frame -> {
            AtomicInteger count = frame.to().equals(NODE) ? toNode : fromNode;
            boolean small = frame.content().length < 1200;
            return !small && count.getAndIncrement() == 0 ? List.of() : List.of(frame);
        });
        assertThat(call(controller, NODE, EchoAction.words("x".repeat(2000)))
                        .get()
                        .words()
                        .text())
                .hasSize(2000);
        assertThat(fromNode.get()).isGreaterThanOrEqualTo(2);
        assertThat(echo.performed).hasValue(2);
    }

    @Test
    void aCallThatIsSentAgainWhileItIsPerformedIsPerformedOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        node.offer(new FunctionAction("test.slow", text -> {
            begun.incrementAndGet();
            assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
            return "done";
        }));
        network.intercept(frame -> {
            if (frame.to().equals(NODE)) {
                sent.incrementAndGet();
            }
            return List.of(frame);
        });
        CompletableFuture<FunctionAction.Text> call = text("test.slow");
        await().until(() -> sent.get() >= 6);
        go.countDown();
        assertThat(call.get().text()).isEqualTo("done");
        assertThat(begun).hasValue(1);
    }

    @Test
    void manyCallsAtOnceGetTheirOwnAnswers() throws Exception {
        List<CompletableFuture<EchoAction.Echo>> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            calls.add(call(controller, NODE, EchoAction.words("word " + i)));
        }
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).get().words().text()).isEqualTo("word " + i);
        }
    }

    @Test
    void moreThanANodeCanTakeIsRefused() {
        CountDownLatch go = new CountDownLatch(1);
        node.offer(new FunctionAction("test.wait", text -> {
            assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
            return "done";
        }));
        List<CompletableFuture<FunctionAction.Text>> calls = new ArrayList<>();
        for (int i = 0; i < 4 * 17 + 1; i++) {
            calls.add(text("test.wait"));
        }
        await().until(() -> calls.stream().anyMatch(CompletableFuture::isDone));
        go.countDown();
        await().until(() -> calls.stream().allMatch(CompletableFuture::isDone));
        assertThat(calls)
                .filteredOn(CompletableFuture::isCompletedExceptionally)
                .hasSize(1)
                .allSatisfy(call -> refused(call, ErrorCode.OVERLOADED, "ask again later"));
    }

    @Test
    void limitsAreSaid() {
        refused(call(controller, NODE, EchoAction.words("x".repeat(70_000))), ErrorCode.PAYLOAD_TOO_LARGE, "69632");
        node.offer(new FunctionAction("test.much", text -> "x".repeat(70_000)));
        refused(text("test.much"), ErrorCode.INTERNAL, "too much");
        refused(
                controller.controlPlane().callJson(NODE, "test.echo", "{}", Duration.ofHours(2)),
                ErrorCode.INVALID_VALUE,
                "an hour");
        refused(
                controller.controlPlane().callJson(NODE, "x".repeat(65), "{}", DEADLINE),
                ErrorCode.INVALID_VALUE,
                "64 characters");
    }

    @Test
    void theLargestArgumentsFit() throws Exception {
        String text = "x".repeat(Message.MAXIMUM_BODY - 11);
        node.offer(new FunctionAction("test.length", given -> String.valueOf(given.length())));
        FunctionAction.Text answer = controller
                .controlPlane()
                .call(NODE, "test.length", new FunctionAction.Text(text), FunctionAction.Text.class, DEADLINE)
                .get();
        assertThat(answer.text()).isEqualTo(String.valueOf(text.length()));
    }

    @Test
    void anAgentTellsWhatItOffers() throws Exception {
        record Actions(List<ActionInfo> actions) {}
        record Prefix(String prefix) {}
        Actions all = controller
                .controlPlane()
                .call(NODE, "agent.actions", new Prefix("test."), Actions.class, DEADLINE)
                .get();
        assertThat(all.actions()).hasSize(1);
        assertThat(all.actions().get(0).why()).isEqualTo("Says what it is told");
        assertThat(all.actions().get(0).parameters())
                .contains(new ActionInfo.Field("words[].volume", "one of LOUD, SOFT", "how it is said"));
        assertThat(controller
                        .controlPlane()
                        .callJson(NODE, "agent.actions", "{}", DEADLINE)
                        .get())
                .contains("\"agent.actions\"", "\"test.echo\"");
    }

    @Test
    void aStoppingAgentLeavesNoCallOpen() {
        network.cut(NODE);
        CompletableFuture<EchoAction.Echo> call = call(controller, NODE, EchoAction.words("x"));
        controller.close();
        refused(call, ErrorCode.OVERLOADED, "stopping");
    }

    @Test
    void aRestartedAgentIsReachedByThoseWhoKnewItsKey() throws Exception {
        call(controller, NODE, EchoAction.words("x")).get();
        node.close();
        node = join(root, NODE);
        node.offer(echo);
        assertThat(call(controller, NODE, EchoAction.words("y")).get().words().text())
                .isEqualTo("y");
    }

    @Test
    void anAgentWithoutItsFormerKeysIsReachedToo() throws Exception {
        call(controller, NODE, EchoAction.words("x")).get();
        node.close();
        agents.remove(node);
        node = NetworkedAgent.of(
                network, root.identity(NODE, home.resolve("anew")), home.resolve("anew"), Clock.systemUTC());
        agents.add(node);
        node.offer(echo);
        assertThat(call(controller, NODE, EchoAction.words("y")).get().words().text())
                .isEqualTo("y");
    }

    private NetworkedAgent join(TestAuthority authority, AgentAddress address) {
        NetworkedAgent agent =
                NetworkedAgent.join(network, authority, address, home.resolve(address.tenant() + "-" + address.name()));
        agents.add(agent);
        return agent;
    }

    private CompletableFuture<FunctionAction.Text> text(String action) {
        return controller
                .controlPlane()
                .call(NODE, action, new FunctionAction.Text("x"), FunctionAction.Text.class, DEADLINE);
    }

    private static CompletableFuture<EchoAction.Echo> call(
            NetworkedAgent from, AgentAddress to, EchoAction.Words words) {
        return from.controlPlane().call(to, "test.echo", words, EchoAction.Echo.class, DEADLINE);
    }

    private void refusedArguments(String json, String reason) {
        CompletableFuture<String> call = controller.controlPlane().callJson(NODE, "test.text", json, DEADLINE);
        assertThatThrownBy(call::get).hasMessageContaining(reason);
    }

    private static FactoryException refused(CompletableFuture<?> call, ErrorCode code, String reason) {
        ExecutionException failure =
                org.assertj.core.api.Assertions.catchThrowableOfType(ExecutionException.class, call::get);
        assertThat(failure)
                .isNotNull()
                .cause()
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining(reason);
        FactoryException refusal = (FactoryException) failure.getCause();
        assertThat(refusal.code()).isEqualTo(code);
        return refusal;
    }
}
