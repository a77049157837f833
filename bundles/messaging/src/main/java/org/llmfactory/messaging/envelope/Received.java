package org.llmfactory.messaging.envelope;

import org.llmfactory.api.network.AgentAddress;

/**
 * A message whose signature was checked.
 *
 * @param sender who has signed it, as his certificate says
 * @param message what he says
 */
public record Received(AgentAddress sender, Message message) {}
