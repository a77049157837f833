package org.llmfactory.messaging.call;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.envelope.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Performs what others ask of this agent, if they may: each call once, on a bounded number of threads. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final AgentAddress self;
    private final ActionTable actions;
    private final ExecutorService threads;
    private final Clock clock;
    private final AnswerCache answers;

    Dispatcher(AgentAddress self, ActionTable actions, ExecutorService threads, Clock clock) {
        this.self = self;
        this.actions = actions;
        this.threads = threads;
        this.clock = clock;
        this.answers = new AnswerCache(clock);
    }

    /**
     * A call, as it came in.
     *
     * @param caller who asks, as his certificate says
     * @param id the same when it is sent again
     * @param body arguments as JSON
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Call(AgentAddress caller, UUID id, String action, byte[] body, Instant expires) {}

    /** Answers a call, now or when the action has been performed; not at all when it is being performed already. */
    void handle(Call call, Consumer<Answer> reply) {
        switch (answers.begin(call.caller(), call.id(), call.expires())) {
            case RUNNING -> LOG.debug("{} asks for {} again, which is being performed", call.caller(), call.action());
            case ANSWERED -> answers.answer(call.caller(), call.id()).ifPresent(reply);
            case NEW -> start(call, reply);
        }
    }

    private void start(Call call, Consumer<Answer> reply) {
        try {
            threads.execute(() -> reply.accept(remembered(call)));
        } catch (RejectedExecutionException e) {
            answers.abandon(call.caller(), call.id());
            reply.accept(failed(FactoryException.retryLater(
                    ErrorCode.OVERLOADED,
                    Duration.ofSeconds(1),
                    "The agent " + self + " has more calls than it can take; ask again later.")));
        }
    }

    private Answer remembered(Call call) {
        Answer answer = perform(call);
        answers.answered(call.caller(), call.id(), call.expires(), answer);
        return answer;
    }

    private Answer perform(Call call) {
        try {
            AgentAction<?, ?> action = permitted(call);
            if (clock.instant().isAfter(call.expires())) {
                throw new FactoryException(
                        ErrorCode.DEADLINE_EXCEEDED, "The agent " + self + " came to it only after its time.");
            }
            byte[] result = actions.json().write(perform(action, call));
            if (result.length > Message.MAXIMUM_BODY) {
                throw new FactoryException(
                        ErrorCode.INTERNAL,
                        "The result of " + call.action() + " has " + result.length
                                + " bytes, which is too much for a control message.");
            }
            return new Answer(false, result);
        } catch (FactoryException e) {
            return failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(new FactoryException(ErrorCode.OVERLOADED, "The agent " + self + " is stopping."));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("The action {} failed, asked for by {}", call.action(), call.caller(), e);
            return failed(new FactoryException(
                    ErrorCode.INTERNAL, "The action " + call.action() + " failed on " + self + "; see its log."));
        }
    }

    private AgentAction<?, ?> permitted(Call call) {
        if (!call.caller().mayReach(self)) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, call.caller() + " may not reach " + self + ".");
        }
        AgentAction<?, ?> action = actions.find(call.action())
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND, "The agent " + self + " has no action '" + call.action() + "'."));
        if (!action.callers().include(call.caller(), self)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    call.caller() + " may not ask " + self + " for " + call.action() + ".");
        }
        return action;
    }

    private <A extends Record, R extends Record> R perform(AgentAction<A, R> action, Call call)
            throws InterruptedException {
        return action.perform(call.caller(), actions.json().readArguments(call.body(), action.arguments()));
    }

    private Answer failed(FactoryException failure) {
        return new Answer(true, actions.json().write(Failure.of(failure)));
    }
}
