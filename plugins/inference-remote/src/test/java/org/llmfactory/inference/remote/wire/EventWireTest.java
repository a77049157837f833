package org.llmfactory.inference.remote.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenLogprob;

final class EventWireTest {
    private final List<byte[]> messages = new ArrayList<>();
    private final EventWriter writer = new EventWriter(messages::add);

    @Test
    void eventsArriveInOrderInOneMessageWhenTheyAreThereAtOnce() throws IOException {
        GeneratedToken rated =
                new GeneratedToken(4, -0.5f, List.of(new TokenLogprob(4, -0.5f), new TokenLogprob(5, -1f)));
        GenerationUsage usage = new GenerationUsage(
                7, 3, 2, Duration.ofNanos(1), Duration.ofNanos(2), Duration.ofNanos(3), Duration.ofSeconds(4));
        List<Event> sent = List.of(
                new Event.Token(GeneratedToken.of(1)),
                new Event.Token(rated),
                new Event.Finish(FinishReason.LENGTH, usage));

        sent.forEach(writer::write);
        writer.flush();

        assertThat(messages).hasSize(1);
        assertThat(read(0)).isEqualTo(sent);
    }

    @Test
    void aTokenWithoutLogProbabilityTakesFiveBytes() {
        writer.write(new Event.Token(GeneratedToken.of(1)));
        writer.flush();
        writer.flush();

        assertThat(messages)
                .singleElement()
                .satisfies(message -> assertThat(message).hasSize(5));
    }

    @Test
    void aLongPromptComesInSeveralMessagesAndIsToldOnce() throws IOException {
        List<TokenLogprob> top =
                IntStream.range(0, 20).mapToObj(id -> new TokenLogprob(id, -id)).toList();
        List<GeneratedToken> prompt = new ArrayList<>();
        prompt.add(GeneratedToken.of(0));
        IntStream.range(1, 1000).forEach(id -> prompt.add(new GeneratedToken(id, -1, top)));

        writer.write(new Event.Prompt(prompt));
        writer.flush();

        assertThat(messages).hasSizeGreaterThan(3).allMatch(message -> message.length <= Protocol.CHUNK);
        assertThat(read(1000)).containsExactly(new Event.Prompt(prompt));
    }

    @Test
    void failuresKeepWhatTheyAreMadeOf() throws IOException {
        writer.write(
                new Event.Failure(FactoryException.retryLater(ErrorCode.OVERLOADED, Duration.ofSeconds(3), "Full.")));
        writer.write(new Event.Failure(
                FactoryException.ofParameter(ErrorCode.INVALID_VALUE, "prompt", "Too odd: " + "x".repeat(10_000))));
        writer.flush();

        List<FactoryException> read = new ArrayList<>();
        for (Event event : read(0)) {
            read.add(((Event.Failure) event).failure());
        }
        assertThat(read.get(0)).hasMessage("Full.");
        assertThat(read.get(0).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(read.get(0).retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(read.get(1).code()).isEqualTo(ErrorCode.INVALID_VALUE);
        assertThat(read.get(1).parameter()).contains("prompt");
        assertThat(Objects.requireNonNull(read.get(1).getMessage()))
                .startsWith("Too odd: xxx")
                .hasSizeLessThan(5000);
    }

    @Test
    void whatIsNoEventIsRefused() {
        EventReader reader = new EventReader(1);

        assertThatThrownBy(() -> reader.read(new byte[] {99}, event -> {})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reader.read(new byte[] {Protocol.TOKEN, 1}, event -> {}))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aPromptThatIsLongerThanThePromptIsRefused() {
        writer.write(new Event.Prompt(List.of(GeneratedToken.of(1), GeneratedToken.of(2))));
        writer.flush();

        assertThatThrownBy(() -> read(1)).isInstanceOf(IOException.class);
    }

    private List<Event> read(int promptLength) throws IOException {
        EventReader reader = new EventReader(promptLength);
        List<Event> events = new ArrayList<>();
        for (byte[] message : messages) {
            reader.read(message, events::add);
        }
        return events;
    }
}
