package org.llmfactory.dataplane.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.dataplane.testing.TestAgents.CONTROLLER;
import static org.llmfactory.dataplane.testing.TestAgents.DEADLINE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Lane;
import org.llmfactory.dataplane.frame.FrameHeader;
import org.llmfactory.dataplane.frame.FrameType;
import org.llmfactory.dataplane.testing.HostileRelay;
import org.llmfactory.dataplane.testing.RecordingListener;
import org.llmfactory.dataplane.testing.ScriptedService;
import org.llmfactory.dataplane.testing.TestAgents;
import org.llmfactory.messaging.testing.InMemoryNetwork.Frame;

@Timeout(60)
class HostileNetworkTest {
    private final TestAgents agents = new TestAgents();
    private final RecordingListener here = new RecordingListener();

    @AfterEach
    void stop() {
        agents.close();
    }

    @Test
    void nothingIsMissingTwiceOrOutOfOrderWhereFramesAreLostRepeatedAndSwapped() throws Exception {
        agents.network.intercept(new HostileRelay(1).losing(0.1).repeating(0.1).swapping(0.1));

        assertThat(echoed(1000, 3000)).isTrue();
        assertThat(agents.agent(CONTROLLER).meters.framesResent()).isPositive();
    }

    @Test
    void largeMessagesArriveWholeWhereFramesAreLost() throws Exception {
        agents.network.intercept(new HostileRelay(2).losing(0.1));

        assertThat(echoed(200, AgentStream.MAXIMUM_MESSAGE)).isTrue();
    }

    @Test
    void nothingArrivesAlteredOrReplayedFromAHostileRelay() throws Exception {
        agents.network.intercept(
                new HostileRelay(3).altering(0.3).replaying(0.3).losing(0.02).swapping(0.2));

        assertThat(echoed(1000, 3000)).isTrue();
        assertThat(agents.agent(NODE).meters.framesRefused()).isPositive();
    }

    @Test
    void aRelaySeesNothingOfWhatIsSaid() throws Exception {
        HostileRelay relay = new HostileRelay(4);
        agents.network.intercept(relay);
        agents.agent(NODE).offer(ScriptedService.echo());
        String canary = "the canary is in the coal mine";
        AgentStream stream =
                agents.agent(CONTROLLER).plane().open(NODE, "echo", Lane.DATA, canary.getBytes(UTF_8), here, DEADLINE);
        stream.send(canary.getBytes(UTF_8));
        stream.finish();

        assertThat(here.awaitEnd().texts()).containsExactly(canary);
        assertThat(relay.seen())
                .hasSizeGreaterThan(3)
                .noneMatch(frame -> new String(frame.content(), ISO_8859_1).contains("canary"));
    }

    @Test
    void equalMessagesLookDifferent() throws Exception {
        HostileRelay relay = new HostileRelay(5);
        agents.network.intercept(relay);
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream = agents.open(CONTROLLER, NODE, "echo", here);
        for (int index = 0; index < 10; index++) {
            stream.send(new byte[100]);
        }
        stream.finish();
        here.awaitEnd();

        List<String> contents = relay.seen().stream()
                .filter(frame -> frame.content()[1] == 1)
                .map(frame -> new String(frame.content(), ISO_8859_1).substring(FrameHeader.LENGTH))
                .toList();
        assertThat(contents).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void noForgedFrameEndsAStream() throws Exception {
        HostileRelay relay = new HostileRelay(6);
        agents.network.intercept(relay);
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream = agents.open(CONTROLLER, NODE, "echo", here);
        AgentStream other = agents.open(CONTROLLER, NODE, "echo", new RecordingListener());
        stream.send("first".getBytes(UTF_8));
        other.send("other".getBytes(UTF_8));
        awaitMessages(1);

        for (Frame frame : relay.seen()) {
            forgeries(frame).forEach(forged -> agents.network.inject(forged, DEADLINE));
        }
        stream.send("second".getBytes(UTF_8));
        stream.finish();

        assertThat(here.awaitEnd().texts()).containsExactly("first", "second");
        assertThat(agents.agent(NODE).meters.framesRefused()).isPositive();
    }

    @Test
    void rubbishAndUnknownStreamsAreCountedAndNothingElse() throws Exception {
        Random random = new Random(7);
        for (int length = 0; length < 200; length++) {
            byte[] rubbish = new byte[length];
            random.nextBytes(rubbish);
            if (length > 1) {
                rubbish[0] = 1;
                rubbish[1] = (byte) (length % 9);
            }
            agents.network.inject(new Frame(Lane.DATA, CONTROLLER, NODE, rubbish), DEADLINE);
        }
        agents.agent(NODE).offer(ScriptedService.echo());

        assertThat(echoed(10, 100)).isTrue();
    }

    /** All a relay can make of a frame without the keys. */
    private static List<Frame> forgeries(Frame frame) {
        List<Frame> forged = new ArrayList<>();
        for (byte type = 1; type <= 7; type++) {
            for (long number : new long[] {0, 1, 2, 1000, Long.MAX_VALUE}) {
                for (int epoch : new int[] {0, 1, 3, -1, Integer.MAX_VALUE}) {
                    byte[] content = frame.content().clone();
                    content[1] = type;
                    ByteBuffer.wrap(content).putInt(19, epoch).putLong(23, number);
                    forged.add(new Frame(frame.lane(), frame.from(), frame.to(), content));
                }
            }
        }
        byte[] cut = Arrays.copyOf(frame.content(), FrameHeader.LENGTH);
        cut[1] = 7;
        forged.add(new Frame(frame.lane(), frame.from(), frame.to(), cut));
        assertThat(FrameType.values()).hasSize(7);
        return forged;
    }

    private void awaitMessages(int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> here.messages.size() >= count);
    }

    /** Whether messages of random sizes and bytes come back as they were sent. */
    private boolean echoed(int count, int largest) throws Exception {
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream = agents.open(CONTROLLER, NODE, "echo", here);
        Random random = new Random(count);
        List<byte[]> sent = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            byte[] message = new byte[random.nextInt(largest + 1)];
            random.nextBytes(message);
            sent.add(message);
            assertThat(stream.awaitWritable(DEADLINE)).isTrue();
            stream.send(message);
        }
        stream.finish();
        assertThat(here.awaitEnd().messages).hasSize(count);
        for (int index = 0; index < count; index++) {
            assertThat(here.messages.get(index)).isEqualTo(sent.get(index));
        }
        return true;
    }
}
