package org.llmfactory.messaging.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;

/** Says what it was told, and by whom; counts. */
final class EchoAction implements AgentAction<EchoAction.Words, EchoAction.Echo> {
    final AtomicInteger performed = new AtomicInteger();
    private final Callers callers;

    EchoAction(Callers callers) {
        this.callers = callers;
    }

    enum Volume {
        LOUD,
        SOFT
    }

    record Word(
            @Meaning("the word") String text,
            @Meaning("how it is said") Volume volume) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Words(
            @Meaning("the text") String text,
            @Meaning("how often") int times,
            @Meaning("when") Instant when,
            @Meaning("for how long") Duration pause,
            @Meaning("some bytes") byte[] bytes,
            @Meaning("words") List<Word> words,
            @Meaning("words by name") Map<String, Word> named,
            @Meaning("to whom") AgentAddress listener,
            @Meaning("a remark") Optional<String> remark) {
        Words {
            if (times < 0) {
                throw new IllegalArgumentException("times is 0 or more");
            }
        }
    }

    record Echo(
            @Meaning("who asked") AgentAddress caller,
            @Meaning("what he said") Words words) {}

    static Words words(String text) {
        return new Words(
                text,
                2,
                Instant.parse("2026-01-31T12:00:00Z"),
                Duration.ofSeconds(90),
                new byte[] {1, 2, 3},
                List.of(new Word("a", Volume.LOUD)),
                Map.of("b", new Word("b", Volume.SOFT)),
                AgentAddress.parse("shared/node-9"),
                Optional.empty());
    }

    @Override
    public String name() {
        return "test.echo";
    }

    @Override
    public String why() {
        return "Says what it is told";
    }

    @Override
    public Class<Words> arguments() {
        return Words.class;
    }

    @Override
    public Class<Echo> result() {
        return Echo.class;
    }

    @Override
    public Callers callers() {
        return callers;
    }

    @Override
    public Echo perform(AgentAddress caller, Words words) {
        performed.incrementAndGet();
        return new Echo(caller, words);
    }
}
