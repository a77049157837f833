package org.llmfactory.deployer.state;

/**
 * What holds of a deployment.
 *
 * @param name what people call it
 * @param revision the one that holds
 * @param removed whether nothing of it is wanted any more
 */
public record Deployment(String name, int revision, boolean removed) {}
