package org.llmfactory.agent.join;

/** An agent asks how the network is: arguments of {@link NetworkState#CURRENT}. */
public record StateQuestion() {}
