package org.llmfactory.deployer.state;

/**
 * The jar that a plugin of a revision was resolved to.
 *
 * @param plugin its symbolic name
 * @param version of the bundle
 * @param digest SHA-256 of the jar
 */
public record Pin(String plugin, String version, String digest) {}
