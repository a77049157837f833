package org.llmfactory.dataplane.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;

class SealingTest {
    private static final AgentAddress OPENER = AgentAddress.parse("platform/controller");
    private static final AgentAddress ACCEPTOR = AgentAddress.parse("shared/node");
    private static final Duration LONG = Duration.ofHours(1);
    private static final byte[] TEXT = "text".getBytes(UTF_8);

    private final StreamId stream = StreamId.random(new SecureRandom());
    private final Handshake handshake = handshake(ACCEPTOR, "service", Lane.DATA, 1);

    @Test
    void theOtherEndOpensWhatWasSealed() {
        Sealer sealer = new Sealer(handshake, Direction.FROM_OPENER, 100, LONG);
        Unsealer unsealer = new Unsealer(handshake, Direction.FROM_OPENER);

        byte[] frame = sealer.seal(FrameType.DATA, 0, TEXT);

        assertThat(frame).hasSize(FrameHeader.LENGTH + TEXT.length + Gcm.TAG);
        assertThat(open(unsealer, frame)).isEqualTo(TEXT);
    }

    @Test
    void noBitOfAFrameCanBeChanged() {
        byte[] frame = new Sealer(handshake, Direction.FROM_OPENER, 100, LONG).ping(3, OPENER);
        Unsealer unsealer = new Unsealer(handshake, Direction.FROM_OPENER);

        for (int bit = 0; bit < frame.length * 8; bit++) {
            byte[] altered = frame.clone();
            altered[bit / 8] ^= (byte) (1 << (bit % 8));
            FrameHeader header = FrameHeader.read(altered);
            assertThat(header == null || unsealer.open(header, altered) == null)
                    .describedAs("bit %d", bit)
                    .isTrue();
        }
        assertThat(open(unsealer, frame)).isEmpty();
    }

    @Test
    void nothingOpensForAnotherDirectionAgentServiceLaneOrRandom() {
        byte[] frame = new Sealer(handshake, Direction.FROM_OPENER, 100, LONG).seal(FrameType.DATA, 0, TEXT);

        assertThat(List.of(
                        new Unsealer(handshake, Direction.FROM_ACCEPTOR),
                        new Unsealer(
                                handshake(AgentAddress.parse("shared/other"), "service", Lane.DATA, 1),
                                Direction.FROM_OPENER),
                        new Unsealer(handshake(ACCEPTOR, "services", Lane.DATA, 1), Direction.FROM_OPENER),
                        new Unsealer(handshake(ACCEPTOR, "service", Lane.LIVE, 1), Direction.FROM_OPENER),
                        new Unsealer(handshake(ACCEPTOR, "service", Lane.DATA, 2), Direction.FROM_OPENER)))
                .allSatisfy(unsealer -> assertThat(open(unsealer, frame)).isNull());
    }

    @Test
    void aNewKeyIsTakenOnlyOnceWhatWasSealedBeforeTheLastOneHasArrived() {
        Sealer sealer = new Sealer(handshake, Direction.FROM_OPENER, 4, LONG);
        List<byte[]> frames = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            frames.add(sealer.seal(FrameType.DATA, number, TEXT));
        }
        assertThat(frames.stream().map(SealingTest::epoch)).endsWith(1, 1, 1).startsWith(0, 0, 0, 0, 1);

        sealer.arrived(4);
        assertThat(epoch(sealer.seal(FrameType.DATA, 20, TEXT))).isEqualTo(2);

        Unsealer unsealer = new Unsealer(handshake, Direction.FROM_OPENER);
        assertThat(open(unsealer, frames.get(19))).isEqualTo(TEXT);
        assertThat(open(unsealer, frames.get(0))).isEqualTo(TEXT);
    }

    @Test
    void aKeyThatIsOldIsRenewed() {
        Sealer sealer = new Sealer(handshake, Direction.FROM_OPENER, 100, Duration.ZERO);

        assertThat(epoch(sealer.seal(FrameType.PING, 0, TEXT))).isEqualTo(1);
        assertThat(epoch(sealer.seal(FrameType.PING, 1, TEXT))).isEqualTo(2);
    }

    @Test
    void aFrameFarAheadIsNotFollowed() {
        Sealer sealer = new Sealer(handshake, Direction.FROM_OPENER, 1, LONG);
        Unsealer unsealer = new Unsealer(handshake, Direction.FROM_OPENER);
        byte[] last = {};
        for (int number = 0; number < 7; number++) {
            last = sealer.seal(FrameType.ACKNOWLEDGE, number, TEXT);
        }

        assertThat(epoch(last)).isEqualTo(6);
        assertThat(open(unsealer, last)).isNull();
    }

    @Test
    void aReliableFrameAndASignalOfOneNumberHaveDifferentNonces() {
        assertThat(new FrameHeader(FrameType.DATA, Direction.FROM_OPENER, stream, 0, 5).nonce())
                .isNotEqualTo(new FrameHeader(FrameType.PING, Direction.FROM_OPENER, stream, 0, 5).nonce());
    }

    @Test
    void anAcknowledgementIsReadAsItWasWritten() {
        Acknowledgement written = new Acknowledgement(
                7, 1 << 20, 3, List.of(new Acknowledgement.Range(9, 10), new Acknowledgement.Range(12, 40)), false);

        assertThat(Acknowledgement.read(written.write())).isEqualTo(written);
        assertThat(Acknowledgement.read(new byte[5])).isNull();
        assertThat(Acknowledgement.read(new byte[30])).isNull();
    }

    @Test
    void aPingSaysWhoAsks() {
        byte[] ping = new Sealer(handshake, Direction.FROM_OPENER, 100, LONG).ping(0, OPENER);

        assertThat(Unsealer.asker(ping)).contains(OPENER);
        assertThat(Unsealer.asker(new byte[FrameHeader.LENGTH])).isEmpty();
        assertThat(Unsealer.asker(new byte[FrameHeader.LENGTH + 40])).isEmpty();
    }

    private Handshake handshake(AgentAddress acceptor, String service, Lane lane, int random) {
        byte[] other = new byte[Handshake.RANDOM];
        other[0] = (byte) random;
        return new Handshake(stream, OPENER, acceptor, service, lane, new byte[Handshake.RANDOM], other);
    }

    private static int epoch(byte[] frame) {
        return Objects.requireNonNull(FrameHeader.read(frame)).epoch();
    }

    private static byte[] open(Unsealer unsealer, byte[] frame) {
        return unsealer.open(Objects.requireNonNull(FrameHeader.read(frame)), frame);
    }
}
