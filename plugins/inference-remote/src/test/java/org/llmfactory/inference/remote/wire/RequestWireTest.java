package org.llmfactory.inference.remote.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;

final class RequestWireTest {
    @Test
    void everythingOfARequestArrives() {
        RemoteRequest sent = request(new int[] {1, 2, 3});

        List<byte[]> messages = RequestWriter.write(sent);
        RequestReader reader = new RequestReader(messages.get(0));

        assertThat(messages).hasSize(1);
        assertThat(reader.tenant()).isEqualTo("proj_a");
        assertSame(sent, reader.request().orElseThrow());
    }

    @Test
    void aLongPromptComesInSeveralMessages() {
        RemoteRequest sent = request(new Random(1).ints(50_000).toArray());

        List<byte[]> messages = RequestWriter.write(sent);
        RequestReader reader = new RequestReader(messages.get(0));
        assertThat(reader.tenant()).isEqualTo("proj_a");
        for (byte[] message : messages.subList(1, messages.size())) {
            assertThat(reader.request()).isEmpty();
            reader.add(message);
        }

        assertThat(messages).hasSizeGreaterThan(5).allMatch(message -> message.length <= Protocol.CHUNK);
        assertSame(sent, reader.request().orElseThrow());
    }

    @Test
    void anotherVersionIsRefusedWithBothNumbers() {
        byte[] first = RequestWriter.write(request(new int[] {1})).get(0);
        first[0] = 9;

        assertThatThrownBy(() -> new RequestReader(first))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining("version 1")
                .hasMessageContaining("version 9");
    }

    @Test
    void aRequestThatIsCutOrChangedIsRefusedOrAnotherRequest() {
        byte[] first = RequestWriter.write(request(new int[] {1, 2, 3})).get(0);
        Random random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            byte[] changed = first.clone();
            changed[5 + random.nextInt(first.length - 5)] = (byte) random.nextInt();
            assertThat(outcome(changed)).isIn("refused", "read");
        }
        IntStream.range(0, first.length)
                .forEach(length ->
                        assertThat(outcome(Arrays.copyOf(first, length))).isIn("refused", "incomplete"));
    }

    @Test
    void moreThanWasAnnouncedIsRefused() {
        byte[] first = RequestWriter.write(request(new int[] {1})).get(0);
        RequestReader reader = new RequestReader(first);

        assertThatThrownBy(() -> reader.add(new byte[] {Protocol.MORE, 1})).isInstanceOf(FactoryException.class);
        assertThatThrownBy(() -> reader.add(new byte[0])).isInstanceOf(FactoryException.class);
    }

    private static String outcome(byte[] first) {
        try {
            return new RequestReader(first).request().isPresent() ? "read" : "incomplete";
        } catch (FactoryException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            return "refused";
        }
    }

    private static void assertSame(RemoteRequest sent, RemoteRequest read) {
        assertThat(read.model()).isEqualTo(sent.model());
        assertThat(read.digest()).isEqualTo(sent.digest());
        assertThat(read.projects()).isEqualTo(sent.projects());
        assertThat(read.request()).usingRecursiveComparison().isEqualTo(sent.request());
    }

    private static RemoteRequest request(int[] prompt) {
        SamplingParameters sampling = new SamplingParameters(
                0.7f, 0.9f, 40, 0.05f, 1.1f, -0.5f, 0.25f, Map.of(5, -100f, 7, 2.5f), OptionalLong.of(-42), 20);
        GenerationRequest request = new GenerationRequest(
                "cmpl-1-0",
                "proj_a",
                prompt,
                List.of(new AdapterWeight("d".repeat(64), 0.5f), new AdapterWeight("e".repeat(64), -1)),
                sampling,
                new StopConditions(17, Set.of(2, 3), true),
                Duration.ofMillis(12_345),
                true);
        return new RemoteRequest("base", "b".repeat(64), request, Map.of("d".repeat(64), "proj_a", "e".repeat(64), ""));
    }
}
