package org.llmfactory.agent.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.agent.PluginSignatures;
import org.llmfactory.api.agent.PluginSigner;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Requires;

/** Whose plugins this agent takes; for administrators. */
@Path("/plugins/signers")
@Produces(MediaType.APPLICATION_JSON)
public final class SignersResource {
    private static final int LONGEST = 64 * 1024;

    private final PluginSignatures signatures;
    private final PluginAudit audit;

    SignersResource(PluginSignatures signatures, PluginAudit audit) {
        this.signatures = signatures;
        this.audit = audit;
    }

    /**
     * A signer on the wire.
     *
     * @param id SHA-256 of the certificate
     * @param name whom it names
     * @param authority whether those it issued certificates to count too
     * @param startsAt when it begins to be valid, in epoch seconds
     * @param expiresAt when it ends, in epoch seconds
     * @param certificate in PEM
     */
    public record SignerObject(
            String object,
            String id,
            String name,
            boolean authority,
            long startsAt,
            long expiresAt,
            String certificate) {
        static SignerObject of(PluginSigner signer) {
            return new SignerObject(
                    "plugin.signer",
                    signer.fingerprint(),
                    signer.name(),
                    signer.authority(),
                    signer.notBefore().getEpochSecond(),
                    signer.notAfter().getEpochSecond(),
                    signer.certificate());
        }
    }

    /** All signers. */
    public record SignerList(String object, List<SignerObject> data) {}

    /** Who is trusted no more. */
    public record Distrusted(String object, String id, boolean deleted) {}

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public SignerList list() {
        return new SignerList(
                "list", signatures.signers().stream().map(SignerObject::of).toList());
    }

    /** Trusts the signer whose certificate, in PEM, is the request's body. */
    @POST
    @Requires(Action.OPERATE_PLATFORM)
    @Consumes({"application/x-pem-file", MediaType.APPLICATION_OCTET_STREAM})
    public SignerObject trust(@Context SecurityContext security, InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new FactoryException(ErrorCode.PAYLOAD_TOO_LARGE, "A certificate is not that long.");
        }
        String certificate = new String(bytes, US_ASCII);
        audit.trusting(security, signatures.read(certificate));
        return SignerObject.of(signatures.trust(certificate));
    }

    @DELETE
    @Requires(Action.OPERATE_PLATFORM)
    @Path("/{fingerprint}")
    public Distrusted distrust(@Context SecurityContext security, @PathParam("fingerprint") String fingerprint) {
        audit.distrusting(security, fingerprint);
        signatures.distrust(fingerprint);
        return new Distrusted("plugin.signer", fingerprint, true);
    }
}
