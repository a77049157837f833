package org.llmfactory.api.network.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;

/** What every {@link DataPlane} must do. A provider's test extends it, and says how agents offer services. */
public abstract class DataPlaneContract {
    protected static final AgentAddress CONTROLLER = new AgentAddress(AgentAddress.PLATFORM, "controller");
    protected static final AgentAddress NODE = new AgentAddress(AgentAddress.SHARED, "node");
    protected static final AgentAddress OTHER = new AgentAddress(AgentAddress.SHARED, "other");
    protected static final AgentAddress TENANT = new AgentAddress("proj_a", "node");

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Heard here = new Heard();
    private final Heard there = new Heard();

    /** The data plane of an agent; all of them are in one network during one test. */
    protected abstract DataPlane plane(AgentAddress agent);

    /** Makes an agent offer a service. */
    protected abstract void offer(AgentAddress agent, StreamService service);

    @Test
    protected void messagesArriveInOrderAndThenTheEnd() throws Exception {
        offer(NODE, service("texts", Callers.NETWORK, (stream, request) -> there));

        AgentStream stream = open(CONTROLLER, NODE, "texts");
        for (int index = 0; index < 300; index++) {
            stream.send(Integer.toString(index).getBytes(UTF_8));
        }
        stream.finish();

        assertThat(there.end()).hasSize(300).startsWith("0", "1", "2").endsWith("298", "299");
        assertThat(stream.peer()).isEqualTo(NODE);
    }

    @Test
    protected void aServiceHearsTheRequestAndMayAnswerAtOnce() throws Exception {
        offer(NODE, service("greeting", Callers.NETWORK, (stream, request) -> {
            stream.send(("hello " + new String(request, UTF_8)).getBytes(UTF_8));
            stream.finish();
            return there;
        }));

        plane(CONTROLLER).open(NODE, "greeting", Lane.LIVE, "you".getBytes(UTF_8), here, DEADLINE);

        assertThat(here.end()).containsExactly("hello you");
    }

    @Test
    protected void oneDirectionGoesOnAfterTheOtherHasEnded() throws Exception {
        CompletableFuture<AgentStream> taken = new CompletableFuture<>();
        offer(NODE, service("halves", Callers.NETWORK, (stream, request) -> {
            taken.complete(stream);
            return there;
        }));
        AgentStream stream = open(CONTROLLER, NODE, "halves");

        stream.send("question".getBytes(UTF_8));
        stream.finish();
        assertThat(there.end()).containsExactly("question");
        taken.join().send("answer".getBytes(UTF_8));
        taken.join().finish();

        assertThat(here.end()).containsExactly("answer");
        refused(ErrorCode.CONFLICT, () -> stream.send(new byte[1]));
    }

    @Test
    protected void aCancelIsHeardAtTheOtherEndOnly() throws Exception {
        offer(NODE, service("long", Callers.NETWORK, (stream, request) -> there));
        AgentStream stream = open(CONTROLLER, NODE, "long");

        stream.cancel("The caller has gone.");

        FactoryException reason = there.failure();
        assertThat(reason).hasMessage("The caller has gone.");
        assertThat(reason.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(here.failed).isNotDone();
        refused(ErrorCode.CONFLICT, () -> stream.send(new byte[1]));
    }

    @Test
    protected void whoeverSendsToASlowListenerIsHeldUpUntilItGoesOn() throws Exception {
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        offer(NODE, service("slow", Callers.NETWORK, (stream, request) -> new Heard() {
            @Override
            public void onMessage(byte[] message) {
                go.join();
            }
        }));
        AgentStream stream = open(CONTROLLER, NODE, "slow");

        int sent = 0;
        while (sent < 1000 && stream.awaitWritable(Duration.ofMillis(100))) {
            stream.send(new byte[AgentStream.MAXIMUM_MESSAGE]);
            sent++;
        }

        assertThat(sent).isBetween(1, 200);
        go.complete(true);
        assertThat(stream.awaitWritable(DEADLINE)).isTrue();
    }

    @Test
    protected void aRefusalOfAServiceIsTold() {
        offer(NODE, service("picky", Callers.NETWORK, (stream, request) -> {
            throw new FactoryException(ErrorCode.QUOTA_EXCEEDED, "Enough for today.");
        }));

        refused(ErrorCode.QUOTA_EXCEEDED, () -> open(CONTROLLER, NODE, "picky"));
    }

    @Test
    protected void aServiceThatIsNotThereIsNotFound() {
        offer(NODE, service("something", Callers.NETWORK, (stream, request) -> there));

        refused(ErrorCode.NOT_FOUND, () -> open(CONTROLLER, NODE, "nothing"));
    }

    @Test
    protected void aServiceIsForWhomItSays() throws Exception {
        offer(NODE, service("private", Callers.CONTROLLERS, (stream, request) -> there));
        offer(NODE, service("family", Callers.TENANT, (stream, request) -> there));

        refused(ErrorCode.PERMISSION_DENIED, () -> open(OTHER, NODE, "private"));
        assertThat(open(CONTROLLER, NODE, "private")).isNotNull();
        assertThat(open(OTHER, NODE, "family")).isNotNull();
    }

    @Test
    protected void nothingIsOpenedToAnotherTenant() {
        offer(NODE, service("family", Callers.NETWORK, (stream, request) -> there));

        refused(ErrorCode.PERMISSION_DENIED, () -> open(TENANT, NODE, "family"));
    }

    @Test
    protected void aMessageHasABound() throws Exception {
        offer(NODE, service("texts", Callers.NETWORK, (stream, request) -> there));
        AgentStream stream = open(CONTROLLER, NODE, "texts");

        assertThatThrownBy(() -> stream.send(new byte[AgentStream.MAXIMUM_MESSAGE + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private AgentStream open(AgentAddress from, AgentAddress to, String service) throws InterruptedException {
        return plane(from).open(to, service, Lane.DATA, new byte[0], here, DEADLINE);
    }

    private static StreamService service(
            String name, Callers callers, BiFunction<AgentStream, byte[], StreamListener> taking) {
        return new StreamService() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Callers callers() {
                return callers;
            }

            @Override
            public StreamListener accept(AgentStream stream, byte[] request) {
                return taking.apply(stream, request);
            }
        };
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static class Heard implements StreamListener {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private final CompletableFuture<FactoryException> failed = new CompletableFuture<>();

        @Override
        public void onMessage(byte[] message) {
            texts.add(new String(message, UTF_8));
        }

        @Override
        public void onEnd() {
            ended.complete(true);
        }

        @Override
        public void onFailure(FactoryException reason) {
            failed.complete(reason);
        }

        List<String> end() throws Exception {
            ended.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            return texts;
        }

        FactoryException failure() throws Exception {
            return failed.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
