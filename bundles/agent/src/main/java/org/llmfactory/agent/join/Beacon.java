package org.llmfactory.agent.join;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a controller is found on a local network: an agent asks by multicast for the network of its token, and controllers of
 * just that network say where they are. Nothing of it is believed; the join protocol proves who answers.
 */
public final class Beacon {
    /** What is given in the place of a controller's URL. */
    public static final String DISCOVER = "discover";

    /** Longer than any message. */
    public static final int LONGEST = 512;

    /** Where agents ask, in the range that an administrator keeps within his site. */
    public static final InetSocketAddress GROUP = new InetSocketAddress("239.255.61.61", 61616);

    private static final Pattern QUESTION = Pattern.compile("llm-factory where 1 ([0-9a-f]{64}) ([0-9a-f]{32})");
    private static final Pattern ANSWER =
            Pattern.compile("llm-factory here 1 ([0-9a-f]{64}) ([0-9a-f]{32}) (https?://[\\x21-\\x7e]{1,200})");

    private Beacon() {}

    /**
     * An agent's question.
     *
     * @param network which network's controllers are looked for
     * @param nonce 32 random hex digits, which the answer repeats
     */
    public record Question(String network, String nonce) {
        public byte[] encoded() {
            return ("llm-factory where 1 " + network + ' ' + nonce).getBytes(US_ASCII);
        }

        /** A question that somebody sent; empty for anything else. */
        public static Optional<Question> parse(byte[] packet, int length) {
            Matcher matcher = QUESTION.matcher(new String(packet, 0, length, US_ASCII));
            return matcher.matches() ? Optional.of(new Question(matcher.group(1), matcher.group(2))) : Optional.empty();
        }

        /** The answer that a controller gives. */
        public byte[] answer(URI controller) {
            return ("llm-factory here 1 " + network + ' ' + nonce + ' ' + controller).getBytes(US_ASCII);
        }

        /** Where a controller says that it is; empty for what is no answer to this question. */
        public Optional<URI> answered(byte[] packet, int length) {
            Matcher matcher = ANSWER.matcher(new String(packet, 0, length, US_ASCII));
            if (!matcher.matches()
                    || !matcher.group(1).equals(network)
                    || !matcher.group(2).equals(nonce)) {
                return Optional.empty();
            }
            try {
                return Optional.of(URI.create(matcher.group(3)));
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
    }
}
