package org.llmfactory.broker.guard;

import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.Message;
import org.apache.activemq.util.ByteSequence;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.link.Link;

/** What is left of a message that came in: its frame, and what the broker needs to pass it on. */
final class Frames {
    private Frames() {}

    /**
     * Makes a message of the frame alone, so that nothing else that its sender wrote into it matters.
     *
     * @param relayed whether a bridge brought it; the brokers it has been at are kept then
     * @param now the time, as the broker's clock has it
     * @throws SecurityException for what is no frame
     */
    static Message rewritten(Message message, Lane lane, boolean relayed, long now) {
        ByteSequence content = message.getContent();
        if (!(message instanceof ActiveMQBytesMessage) || message.isCompressed() || message.isInTransaction()) {
            throw new SecurityException("Only frames pass: plain bytes outside a transaction");
        }
        if (content == null || content.getLength() == 0 || content.getLength() > Link.MAXIMUM_FRAME) {
            throw new SecurityException("A frame has 1 to " + Link.MAXIMUM_FRAME + " bytes");
        }
        ActiveMQBytesMessage frame = new ActiveMQBytesMessage();
        frame.setContent(content);
        frame.setMessageId(message.getMessageId());
        frame.setProducerId(message.getProducerId());
        frame.setDestination(message.getDestination());
        frame.setCommandId(message.getCommandId());
        frame.setResponseRequired(message.isResponseRequired());
        frame.setPersistent(lane == Lane.CONTROL);
        frame.setPriority((byte) jakarta.jms.Message.DEFAULT_PRIORITY);
        frame.setTimestamp(now);
        frame.setExpiration(now + timeToLive(message, lane));
        if (relayed) {
            frame.setBrokerPath(message.getBrokerPath());
        }
        return frame;
    }

    /** Milliseconds from now; the difference of the sender's own times, since his clock may be wrong. At least 1. */
    private static long timeToLive(Message message, Lane lane) {
        long bound = bound(lane);
        long asked = message.getExpiration() == 0 ? bound : message.getExpiration() - message.getTimestamp();
        return Math.max(1, Math.min(bound, asked));
    }

    private static long bound(Lane lane) {
        return switch (lane) {
            case LIVE -> 10_000;
            case DATA -> 60_000;
            case CONTROL -> 3_600_000;
        };
    }
}
