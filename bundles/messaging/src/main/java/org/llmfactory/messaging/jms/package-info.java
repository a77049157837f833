/**
 * The link over JMS (ActiveMQ's OpenWire, TLS 1.3 with certificates of both sides).
 *
 * <ul>
 *   <li>{@link org.llmfactory.messaging.jms.JmsLink} is the service {@link org.llmfactory.messaging.link.Link}, there while
 *       there is a {@link org.llmfactory.messaging.identity.NetworkIdentity}. It has a {@code LaneClient} for each lane, which
 *       dials the agent's own {@link org.llmfactory.messaging.link.LocalBroker} where there is one, else the identity's
 *       brokers in their order, for ever, 0.1 to 5 seconds apart.
 *   <li>A broker that shows no controller's certificate is left before anything was said to it but the version of the
 *       protocol.
 *   <li>Frames of {@code LIVE} and {@code DATA} are sent without waiting; while the lane is down they are lost. Those of
 *       {@code CONTROL} wait in an {@code Outbox} of 1024, are sent up to 64 at a time, and leave it when a broker has
 *       confirmed to keep them or their time has passed: they arrive once or more. Whoever sends one waits only for room
 *       there, no longer than the frame is of use.
 *   <li>A renewed certificate, or an own broker that comes or goes, makes a lane dial anew. Sending moves to the new
 *       connection when it hears already; the former is closed a second later, so that nothing is lost meanwhile and frames of
 *       topics may arrive twice.
 *   <li>A silent connection is given up after 10 seconds. Fetched in advance: 256 frames of a topic, 64 of the queue.
 * </ul>
 *
 * <p>Each connection and its client are called {@code <tenant>/<name>/<lane>/…}, which the broker checks against the
 * certificate. There is nothing to configure.
 */
@NullMarked
package org.llmfactory.messaging.jms;

import org.jspecify.annotations.NullMarked;
