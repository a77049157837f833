package org.llmfactory.api.agent;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Whose plugins this agent takes, and whether a jar is one of theirs. OSGi service; safe for use by several threads. */
@ProviderType
public interface PluginSignatures {
    /**
     * Checks that a jar is a plugin, that one trusted signer signed all of it, and that nothing was changed since.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the reason why it is refused
     */
    SignedPlugin verify(Path jar);

    /** The signers that are trusted, by name. */
    List<PluginSigner> signers();

    /**
     * Reads a certificate that might be trusted; nothing is changed.
     *
     * @throws org.llmfactory.api.error.FactoryException as {@link #trust}
     */
    PluginSigner read(String certificate);

    /**
     * Trusts a signer from now on; without effect when he is trusted already.
     *
     * @param certificate in PEM, of a signer or of an authority
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when it is no certificate of that kind, is
     *     too weak or is not valid now
     */
    PluginSigner trust(String certificate);

    /**
     * Trusts a signer no more. What he signed and was deployed before goes on running.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND} when no such signer is trusted
     */
    PluginSigner distrust(String fingerprint);
}
