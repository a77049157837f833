package org.llmfactory.bench.network;

import java.nio.ByteBuffer;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;

/**
 * What a stream's opener wants to be sent: three numbers of four bytes.
 *
 * @param messages how many
 * @param size bytes of each
 * @param perSecond how many a second; 0 for as fast as it goes
 */
record Order(int messages, int size, int perSecond) {
    private static final int BYTES = 3 * Integer.BYTES;
    private static final int FASTEST = 1000;

    Order {
        boolean fits = messages > 0
                && size >= Long.BYTES
                && size <= AgentStream.MAXIMUM_MESSAGE
                && perSecond >= 0
                && perSecond <= FASTEST;
        if (!fits) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "What is to be sent is out of bounds.");
        }
    }

    byte[] encoded() {
        return ByteBuffer.allocate(BYTES)
                .putInt(messages)
                .putInt(size)
                .putInt(perSecond)
                .array();
    }

    static Order of(byte[] request) {
        if (request.length != BYTES) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "This says not what is to be sent.");
        }
        ByteBuffer numbers = ByteBuffer.wrap(request);
        return new Order(numbers.getInt(), numbers.getInt(), numbers.getInt());
    }
}
