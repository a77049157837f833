package org.llmfactory.messaging.call;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.messaging.envelope.Envelopes;
import org.llmfactory.messaging.envelope.Message;
import org.llmfactory.messaging.envelope.Received;
import org.llmfactory.messaging.envelope.Refusal;
import org.llmfactory.messaging.envelope.RefusedException;
import org.llmfactory.messaging.envelope.ReplayGuard;
import org.llmfactory.messaging.envelope.SealingKey;
import org.llmfactory.messaging.envelope.SealingKeys;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.Link;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Calls over the link's control lane. A call goes to the key that is known of the other agent, or asks for one first. When no
 * answer comes for a while, it is sent again under the same id and to a fresh key, in longer and longer intervals; the other
 * agent performs it once and repeats its answer.
 */
@Component(service = ControlPlane.class, immediate = true)
@Designate(ocd = SealedControlPlane.Config.class)
public final class SealedControlPlane implements ControlPlane, AutoCloseable {
    private static final Duration TIDY = Duration.ofMinutes(1);
    private static final int MAXIMUM_DOUBLINGS = 10;

    private final AgentAddress self;
    private final Clock clock;
    private final Duration resend;
    private final ReplayGuard replays;
    private final SealingKeys keys;
    private final ControlThreads threads;
    private final ControlChannel channel;
    private final Dispatcher dispatcher;
    private final ActionJson json;
    private final PendingCalls pending = new PendingCalls();
    private final KeyExchange exchange;
    private final Link.Registration receiving;

    /** Configuration, PID {@code org.llmfactory.messaging.call.SealedControlPlane}. */
    @ObjectClassDefinition(name = "LLM Factory control plane")
    public @interface Config {
        @AttributeDefinition(description = "How many actions are performed at a time; sixteen times as many may wait")
        int actionThreads() default 16;

        @AttributeDefinition(description = "Seconds without an answer after which a call is sent again, then doubled")
        int resendSeconds() default 5;
    }

    @Activate
    public SealedControlPlane(
            @Reference Home home,
            @Reference NetworkIdentity identity,
            @Reference Link link,
            @Reference ActionTable actions,
            Config config) {
        this(
                new NetworkFolder(home.root()),
                identity,
                link,
                actions,
                Clock.systemUTC(),
                config.actionThreads(),
                Duration.ofSeconds(config.resendSeconds()));
    }

    /** A control plane without a container. */
    public SealedControlPlane(
            NetworkFolder folder,
            NetworkIdentity identity,
            Link link,
            ActionTable actions,
            Clock clock,
            int actionThreads,
            Duration resend) {
        this.self = identity.self();
        this.clock = clock;
        this.resend = resend;
        this.json = actions.json();
        this.keys = new SealingKeys(folder, clock);
        this.replays = new ReplayGuard(folder, clock);
        this.threads = new ControlThreads(actionThreads);
        this.exchange = new KeyExchange(clock);
        this.dispatcher = new Dispatcher(self, actions, threads.actions(), clock);
        this.channel = new ControlChannel(link, new Envelopes(identity, keys, replays, clock), keys, clock);
        this.receiving = channel.receive(this::receive, this::rejected);
        threads.repeat(TIDY, this::tidy);
    }

    @Override
    public <R extends Record> CompletableFuture<R> call(
            AgentAddress to, String action, Record arguments, Class<R> result, Duration deadline) {
        return start(to, action, json.write(arguments), deadline, body -> json.readResult(body, result, to));
    }

    @Override
    public CompletableFuture<String> callJson(AgentAddress to, String action, String arguments, Duration deadline) {
        byte[] body = arguments.getBytes(StandardCharsets.UTF_8);
        return start(to, action, body, deadline, result -> new String(result, StandardCharsets.UTF_8));
    }

    private <T> CompletableFuture<T> start(
            AgentAddress to, String action, byte[] body, Duration deadline, Function<byte[], T> reader) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            Calls.check(self, to, action, body, deadline);
            PendingCall call = new PendingCall(to, action, body, clock.instant().plus(deadline), deadline);
            pending.add(call);
            CompletableFuture<Answer> unused = call.answer()
                    .whenCompleteAsync(
                            (answer, failure) -> complete(result, call, answer, failure, reader),
                            threads.continuations());
            Runnable cancel = threads.later(deadline, () -> call.answer().completeExceptionally(Calls.late(call)));
            call.onEnd(cancel);
            send(call);
        } catch (FactoryException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private <T> void complete(
            CompletableFuture<T> result,
            PendingCall call,
            @org.jspecify.annotations.Nullable Answer answer,
            @org.jspecify.annotations.Nullable Throwable failure,
            Function<byte[], T> reader) {
        try {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (answer != null && answer.failed()) {
                result.completeExceptionally(failure(answer.body(), call.to()));
            } else if (answer != null) {
                result.complete(reader.apply(answer.body()));
            }
        } catch (FactoryException e) {
            result.completeExceptionally(e);
        }
    }

    private FactoryException failure(byte[] body, AgentAddress from) {
        return json.readResult(body, Failure.class, from).toException();
    }

    private void send(PendingCall call) {
        if (call.to().equals(self)) {
            dispatcher.handle(
                    new Dispatcher.Call(self, call.id(), call.action(), call.body(), call.expires()),
                    call.answer()::complete);
        } else {
            threads.send(() -> attempt(call, 0));
        }
    }

    private void attempt(PendingCall call, int number) {
        if (call.answer().isDone()) {
            return;
        }
        Duration pause = resend.multipliedBy(1L << Math.min(number, MAXIMUM_DOUBLINGS));
        if (pause.compareTo(call.remaining()) < 0) {
            Runnable cancel = threads.later(pause, () -> threads.send(() -> attempt(call, number + 1)));
            call.onEnd(cancel);
        }
        Optional<SealingKey> known = number == 0 ? exchange.known(call.to()) : Optional.empty();
        if (known.isPresent()) {
            channel.call(call, known.get());
        } else {
            askFirst(call);
        }
    }

    private void askFirst(PendingCall call) {
        CompletableFuture<SealingKey> unused = exchange.ask(
                        call.to(), (peer, nonce) -> channel.askForKey(peer, nonce, call.expires()))
                .whenComplete((key, failure) -> {
                    if (failure != null) {
                        call.answer().completeExceptionally(failure);
                    } else {
                        threads.send(() -> channel.call(call, key));
                    }
                });
    }

    private void receive(Received received) throws RefusedException {
        switch (received.message().kind()) {
            case CALL -> perform(received);
            case RESULT -> answered(received);
            case FAILURE -> failed(received);
            case KEY_REQUEST -> threads.send(() -> channel.tellKey(received));
            case KEY -> exchange.answer(received);
        }
    }

    private void perform(Received received) {
        Message message = received.message();
        // A call without a key to seal the answer to is performed all the same; nobody hears of it.
        message.key().ifPresent(key -> exchange.learn(received.sender(), key));
        dispatcher.handle(
                new Dispatcher.Call(
                        received.sender(), message.call(), message.action(), message.body(), message.expires()),
                answer -> message.key().ifPresent(key -> threads.send(() -> channel.answer(received, answer, key))));
    }

    private void answered(Received received) throws RefusedException {
        pending.answered(received).answer().complete(PendingCalls.answer(received.message()));
    }

    private void failed(Received received) throws RefusedException {
        FactoryException reason;
        try {
            reason = failure(received.message().body(), received.sender());
        } catch (FactoryException unreadable) {
            reason = unreadable;
        }
        if (!exchange.refused(received, reason)) {
            pending.answered(received).answer().completeExceptionally(reason);
        }
    }

    /** Tells a sender why his message is refused, where that helps him. */
    private void rejected(RefusedException refusal) {
        Received received = refusal.received().orElseThrow();
        Failure reason = Failure.of(new FactoryException(
                refusal.reason() == Refusal.EXPIRED ? ErrorCode.DEADLINE_EXCEEDED : ErrorCode.INVALID_REQUEST,
                refusal.getMessage() + "."));
        received.message()
                .key()
                .ifPresent(key ->
                        threads.send(() -> channel.answer(received, new Answer(true, json.write(reason)), key)));
    }

    private void tidy() {
        keys.rotate();
        exchange.tidy(pending.awaited());
        json.forget();
    }

    @Override
    @Deactivate
    public void close() {
        receiving.close();
        pending.failAll(new FactoryException(
                ErrorCode.OVERLOADED,
                "This agent is stopping or leaves its network; the call may have been performed."));
        threads.close();
        replays.close();
    }
}
