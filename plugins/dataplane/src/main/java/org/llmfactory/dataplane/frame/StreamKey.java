package org.llmfactory.dataplane.frame;

/**
 * One direction of a stream, which is one end of it: the end that hears this direction.
 *
 * @param direction of the frames that arrive there
 */
public record StreamKey(StreamId stream, Direction direction) {
    @Override
    public int hashCode() {
        // The id is random already.
        return (int) stream.low() + direction.code();
    }
}
