package org.llmfactory.messaging.call;

/**
 * What an agent answers to a call.
 *
 * @param failed whether the body is a {@link Failure} instead of the result
 * @param body JSON; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
record Answer(boolean failed, byte[] body) {}
