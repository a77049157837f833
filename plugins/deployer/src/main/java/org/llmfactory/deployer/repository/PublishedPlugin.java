package org.llmfactory.deployer.repository;

import java.time.Instant;

/**
 * A plugin that is ready to be deployed.
 *
 * @param digest SHA-256 of its jar
 * @param plugin its symbolic name
 * @param version of the bundle
 * @param signer SHA-256 of the certificate of who signed it
 * @param signerName whom that certificate names
 * @param bytes size of the jar
 * @param published when it came
 */
public record PublishedPlugin(
        String digest,
        String plugin,
        String version,
        String signer,
        String signerName,
        long bytes,
        Instant published) {}
