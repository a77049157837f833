package org.llmfactory.messaging.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.testing.SettableClock;
import org.llmfactory.messaging.testing.TestAuthority;

class EnvelopesTest {
    private static final AgentAddress NODE = AgentAddress.parse("project-a/node-1");
    private static final AgentAddress STRANGER = AgentAddress.parse("project-b/node-1");

    private final SettableClock clock = new SettableClock();
    private final TestAuthority root = TestAuthority.root("central", clock);
    private Party controller;
    private Party node;

    @TempDir
    Path home;

    /** An agent's envelopes and keys. */
    private final class Party {
        final NetworkIdentity identity;
        final SealingKeys keys;
        final Envelopes envelopes;

        Party(NetworkIdentity identity) {
            NetworkFolder folder =
                    new NetworkFolder(home.resolve(UUID.randomUUID().toString()));
            this.identity = identity;
            this.keys = new SealingKeys(folder, clock);
            this.envelopes = new Envelopes(identity, keys, new ReplayGuard(folder, clock), clock);
        }

        byte[] sealed(Message message, Party receiver) {
            return envelopes.seal(message, receiver.keys.current());
        }
    }

    @BeforeEach
    void join() {
        controller = new Party(root.identity(root.controller(), home.resolve("controller")));
        node = new Party(root.region("north").identity(NODE, home.resolve("node")));
    }

    @Test
    void aMessageArrivesAsItWasAndIsSeenByNobodyElse() throws RefusedException {
        Message call = call(NODE, "canary-7f3a");
        byte[] frame = controller.sealed(call, node);
        String seen = new String(frame, StandardCharsets.ISO_8859_1);
        assertThat(seen).doesNotContain("canary-7f3a", "test.echo", "central", "node-1");
        Received received = node.envelopes.open(frame);
        assertThat(received.sender()).isEqualTo(root.controller());
        assertThat(received.message()).usingRecursiveComparison().isEqualTo(call);
    }

    @Test
    void aCallIsTakenOnceAndAnAnswerIsTheCallersToMatch() throws RefusedException {
        byte[] frame = controller.sealed(call(NODE, "x"), node);
        node.envelopes.open(frame);
        refused(node, frame, Refusal.REPLAYED);
        clock.advance(Duration.ofMinutes(2));
        refused(node, frame, Refusal.REPLAYED);
        clock.advance(Duration.ofMinutes(2));
        refused(node, frame, Refusal.EXPIRED);
    }

    @Test
    void noByteOfAFrameCanBeAltered() {
        alterEach(controller.sealed(call(NODE, "x"), node));
        alterEach(controller.envelopes.sign(message(Message.Kind.KEY_REQUEST, NODE, clock.instant(), "")));
    }

    /** All bytes of the head, where fields lie close together, and every eleventh of the rest. */
    private void alterEach(byte[] frame) {
        for (int i = 0; i < frame.length; i += i < 160 ? 1 : 11) {
            byte[] altered = frame.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> node.envelopes.open(altered)).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void aMessageForAnotherAgentIsRefused() {
        Party second = new Party(root.identity(AgentAddress.parse("project-a/node-2"), home.resolve("second")));
        refused(second, controller.sealed(call(NODE, "x"), node), Refusal.UNKNOWN_KEY);
        // Even when the receiver himself seals it on, or the sender took the wrong key.
        refused(second, controller.sealed(call(NODE, "x"), second), Refusal.NOT_OPENED);
        byte[] request = controller.envelopes.sign(message(Message.Kind.KEY_REQUEST, NODE, clock.instant(), ""));
        refused(second, request, Refusal.OTHER_RECEIVER);
    }

    @Test
    void aReceiverCannotPassASignedCallOn() {
        Party second = new Party(root.identity(AgentAddress.parse("project-a/node-2"), home.resolve("second")));
        // The signed inside of a call for the node, sealed by the node for its neighbour.
        byte[] signed = new Signing(controller.identity).sign(call(NODE, "x"));
        SealingKey key = second.keys.current();
        byte[] start = new BinaryWriter()
                .exactly(new byte[] {'L', 'F', 1, 2})
                .id(key.id())
                .bytes();
        byte[] header = new BinaryWriter()
                .exactly(start)
                .text(second.identity.self().toString())
                .bytes();
        byte[] frame = new BinaryWriter()
                .exactly(start)
                .exactly(Sealing.seal(key, header, signed))
                .bytes();
        refused(second, frame, Refusal.OTHER_RECEIVER);
    }

    @Test
    void aCallInTheClearIsRefused() {
        byte[] signed = new Signing(controller.identity).sign(call(NODE, "x"));
        byte[] frame = new BinaryWriter()
                .exactly(new byte[] {'L', 'F', 1, 1})
                .exactly(signed)
                .bytes();
        refused(node, frame, Refusal.MALFORMED);
        assertThatThrownBy(() -> controller.envelopes.sign(call(NODE, "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void strangersAreRefused() {
        Party forged = new Party(root.forged(root.controller(), TestAuthority.root("central", clock), home));
        refused(node, forged.sealed(call(NODE, "x"), node), Refusal.UNTRUSTED);
        Party misissued = new Party(root.region("south").misissued(root.controller(), "south", home));
        refused(node, misissued.sealed(call(NODE, "x"), node), Refusal.UNTRUSTED);
        Party stranger = new Party(root.identity(STRANGER, home.resolve("stranger")));
        refused(node, stranger.sealed(call(NODE, "x"), node), Refusal.OUT_OF_REACH);
    }

    @Test
    void aStolenChainIsOfNoUseWithoutItsKey() {
        NetworkIdentity thief = new StolenChain(
                controller.identity, CertificateProfile.newKeyPair().getPrivate());
        refused(node, new Party(thief).sealed(call(NODE, "x"), node), Refusal.WRONG_SIGNATURE);
    }

    @Test
    void whoIsRevokedIsRefusedFromThenOn() throws RefusedException {
        node.envelopes.open(controller.sealed(call(NODE, "x"), node));
        byte[] frame = controller.sealed(call(NODE, "y"), node);
        node.identity
                .trust()
                .revoke(Set.of(
                        CertificateProfile.serial(controller.identity.chain().get(0))));
        refused(node, frame, Refusal.UNTRUSTED);
    }

    @Test
    void clocksMayDifferByTwoMinutesAndMoreIsSaid() throws RefusedException {
        node.envelopes.open(controller.sealed(at(clock.instant().plusSeconds(119)), node));
        RefusedException ahead =
                refused(node, controller.sealed(at(clock.instant().plusSeconds(180)), node), Refusal.CLOCK_SKEW);
        assertThat(ahead).hasMessageContaining("platform/central is 180 s ahead");
        assertThat(ahead.received()).isPresent();
        RefusedException late =
                refused(node, controller.sealed(at(clock.instant().minusSeconds(300)), node), Refusal.EXPIRED);
        assertThat(late).hasMessageContaining("set the clocks right");
    }

    @Test
    void aMessageMayNotLastForLongerThanAnHour() {
        Instant now = clock.instant();
        Message call = new Message(
                Message.Kind.CALL,
                UUID.randomUUID(),
                UUID.randomUUID(),
                NODE,
                now,
                now.plus(Duration.ofHours(2)),
                "test.echo",
                Optional.empty(),
                new byte[0]);
        refused(node, controller.sealed(call, node), Refusal.MALFORMED);
    }

    @Test
    void anOldKeyOpensNothingAfterItsTime() throws RefusedException {
        SealingKey old = node.keys.current();
        clock.advance(Duration.ofMinutes(150));
        node.envelopes.open(controller.envelopes.seal(call(NODE, "x"), old));
        clock.advance(Duration.ofHours(1));
        refused(node, controller.envelopes.seal(call(NODE, "y"), old), Refusal.UNKNOWN_KEY);
    }

    @Test
    void laterVersionsAreNamed() {
        refused(node, new byte[] {'L', 'F', 9, 2, 0}, Refusal.UNKNOWN_VERSION);
    }

    @Test
    void noiseIsNeverAnythingButRefused() {
        Random random = new Random(11);
        byte[] sealed = controller.sealed(call(NODE, "x"), node);
        byte[] signed = controller.envelopes.sign(message(Message.Kind.KEY_REQUEST, NODE, clock.instant(), ""));
        for (int i = 0; i < 3_000; i++) {
            byte[] noise = noise(random, i % 2 == 0 ? sealed : signed);
            assertThatThrownBy(() -> node.envelopes.open(noise)).isInstanceOf(RefusedException.class);
        }
        refused(node, new byte[100_000], Refusal.MALFORMED);
    }

    /** Nothing of sense, or a good frame that is cut, spliced, or sprinkled. */
    private static byte[] noise(Random random, byte[] good) {
        byte[] noise = new byte[random.nextInt(400)];
        random.nextBytes(noise);
        switch (random.nextInt(5)) {
            case 0 -> {
                return noise;
            }
            case 1 -> System.arraycopy(good, 0, noise, 0, Math.min(noise.length, 4));
            case 2 -> {
                return Arrays.copyOf(good, random.nextInt(good.length));
            }
            case 3 -> System.arraycopy(good, 0, noise, 0, random.nextInt(Math.min(noise.length, good.length) + 1));
            default -> {
                byte[] altered = good.clone();
                for (int i = 0; i <= random.nextInt(4); i++) {
                    altered[random.nextInt(altered.length)] ^= (byte) (1 + random.nextInt(255));
                }
                return Arrays.equals(altered, good) ? noise : altered;
            }
        }
        return noise;
    }

    @Test
    void noiseThatIsSignedIsRefusedToo() {
        // A member of the network who sends nonsense: what is inside is read as carefully.
        Random random = new Random(12);
        byte[] good = MessageFormat.write(call(NODE, "x"));
        for (int i = 0; i < 20_000; i++) {
            byte[] content = noise(random, good);
            try {
                MessageFormat.read(content);
            } catch (RefusedException e) {
                assertThat(e.reason()).isEqualTo(Refusal.MALFORMED);
            }
        }
    }

    private Message at(Instant issued) {
        return message(Message.Kind.CALL, NODE, issued, "x");
    }

    private Message call(AgentAddress to, String body) {
        return message(Message.Kind.CALL, to, clock.instant(), body);
    }

    private Message message(Message.Kind kind, AgentAddress to, Instant issued, String body) {
        return new Message(
                kind,
                UUID.randomUUID(),
                UUID.randomUUID(),
                to,
                issued,
                issued.plusSeconds(60),
                kind == Message.Kind.CALL ? "test.echo" : "",
                Optional.of(controller.keys.current()),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static RefusedException refused(Party party, byte[] frame, Refusal reason) {
        RefusedException refusal = org.assertj.core.api.Assertions.catchThrowableOfType(
                RefusedException.class, () -> party.envelopes.open(frame));
        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).isEqualTo(reason);
        return refusal;
    }
}
