package org.llmfactory.messaging.identity;

import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.llmfactory.api.network.AgentAddress;

/**
 * An authority that issues certificates: the network's root, or that of a region. Who may have one is for others to decide;
 * this sees to it that what it issues is what {@link Trust} believes. Safe for several threads.
 *
 * <p>The root certifies agents of its own region, controllers and the authorities of other regions. A region's authority
 * certifies agents of its region that are no controllers, and no authority.
 */
public final class IssuingAuthority {
    private final X509Certificate root;
    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final String region;

    /**
     * An authority that there is.
     *
     * @param root the network's root
     * @param chain the authority's certificate, then those above it but the root; empty when this is the root
     * @param key its private key
     * @throws IllegalArgumentException when the certificate is no authority's
     */
    public IssuingAuthority(X509Certificate root, List<X509Certificate> chain, PrivateKey key) {
        this.root = root;
        this.chain = List.copyOf(chain);
        this.key = key;
        try {
            this.region = CertificateNames.authority(certificate())
                    .orElseThrow(() -> new IllegalArgumentException("The certificate is no authority's"));
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("The certificate is no authority's", e);
        }
    }

    /**
     * A new network: a root authority with a new key.
     *
     * @param region the name of the controller it is made on
     */
    public static IssuingAuthority newRoot(String region, Instant now) {
        KeyPair keys = CertificateProfile.newKeyPair();
        X500Principal name = new X500Principal("CN=LLM Factory root of " + named(region));
        X509Certificate root = sign(
                new JcaX509v3CertificateBuilder(
                        name,
                        CertificateProfile.newSerial(),
                        Date.from(now.minus(CertificateProfile.BACKDATED)),
                        Date.from(now.plus(CertificateProfile.ROOT_VALIDITY)),
                        name,
                        keys.getPublic()),
                keys.getPublic(),
                keys.getPublic(),
                keys.getPrivate(),
                new BasicConstraints(1),
                List.of(CertificateNames.authority(region)));
        return new IssuingAuthority(root, List.of(), keys.getPrivate());
    }

    public X509Certificate root() {
        return root;
    }

    /** See the constructor. */
    public List<X509Certificate> chain() {
        return chain;
    }

    public PrivateKey key() {
        return key;
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
        return chain.isEmpty() ? root : chain.get(0);
    }

    /** Whose authority it is. */
    public String region() {
        return region;
    }

    public boolean isRoot() {
        return chain.isEmpty();
    }

    /**
     * Certifies an agent for {@link CertificateProfile#AGENT_VALIDITY}, or as long as the authority itself lasts.
     *
     * @return the agent's chain: its certificate, then the authority's up to but without the root
     * @throws IllegalArgumentException for a controller, unless this is the root; for a key that is not EC P-256
     */
    public List<X509Certificate> certifyAgent(PublicKey agentKey, AgentAddress agent, Instant now) {
        return certifyAgent(
                agentKey,
                agent,
                now.minus(CertificateProfile.BACKDATED),
                ending(now, CertificateProfile.AGENT_VALIDITY));
    }

    /** The same for a time of the caller's choice. */
    public List<X509Certificate> certifyAgent(PublicKey agentKey, AgentAddress agent, Instant from, Instant until) {
        if (agent.isController() && !isRoot()) {
            throw new IllegalArgumentException("Only the root certifies controllers, such as " + agent);
        }
        return issueAgent(agentKey, agent, region, from, until);
    }

    /**
     * Certifies the authority of another region for {@link CertificateProfile#REGION_VALIDITY}.
     *
     * @return its chain: its certificate
     * @throws IllegalStateException when this is not the root
     */
    public List<X509Certificate> certifyRegion(PublicKey regionKey, String name, Instant now) {
        if (!isRoot()) {
            throw new IllegalStateException("Only the root certifies a region's authority");
        }
        return issueRegion(
                regionKey,
                name,
                now.minus(CertificateProfile.BACKDATED),
                ending(now, CertificateProfile.REGION_VALIDITY));
    }

    /** Issues what it is told to; tests make certificates with it that nobody may believe. */
    List<X509Certificate> issueAgent(
            PublicKey agentKey, AgentAddress agent, String agentRegion, Instant from, Instant until) {
        X500Principal name = new X500Principal("CN=" + agent.name() + ",O=" + agent.tenant());
        List<String> names = List.of(CertificateNames.agent(agent), CertificateNames.region(agentRegion));
        return issue(builder(name, p256(agentKey), from, until), agentKey, null, names);
    }

    /** Likewise for an authority. */
    List<X509Certificate> issueRegion(PublicKey regionKey, String name, Instant from, Instant until) {
        return issue(
                builder(new X500Principal("CN=LLM Factory authority of " + named(name)), p256(regionKey), from, until),
                regionKey,
                new BasicConstraints(0),
                List.of(CertificateNames.authority(name)));
    }

    private List<X509Certificate> issue(
            JcaX509v3CertificateBuilder builder,
            PublicKey subjectKey,
            @org.jspecify.annotations.Nullable BasicConstraints authority,
            List<String> names) {
        List<X509Certificate> issued = new ArrayList<>();
        issued.add(sign(builder, subjectKey, certificate().getPublicKey(), key, authority, names));
        issued.addAll(chain);
        return List.copyOf(issued);
    }

    private JcaX509v3CertificateBuilder builder(X500Principal name, PublicKey subjectKey, Instant from, Instant until) {
        return new JcaX509v3CertificateBuilder(
                certificate().getSubjectX500Principal(),
                CertificateProfile.newSerial(),
                Date.from(from),
                Date.from(until),
                name,
                subjectKey);
    }

    private Instant ending(Instant now, Duration validity) {
        Instant end = now.plus(validity);
        Instant own = certificate().getNotAfter().toInstant();
        return Stream.of(end, own).min(Instant::compareTo).orElse(end);
    }

    private static X509Certificate sign(
            JcaX509v3CertificateBuilder builder,
            PublicKey subjectKey,
            PublicKey issuerKey,
            PrivateKey signer,
            @org.jspecify.annotations.Nullable BasicConstraints authority,
            List<String> names) {
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(
                    Extension.basicConstraints, true, authority == null ? new BasicConstraints(false) : authority);
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            authority == null ? KeyUsage.digitalSignature : KeyUsage.keyCertSign | KeyUsage.cRLSign));
            if (authority == null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
                }));
            }
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(names.stream()
                            .map(name -> new GeneralName(GeneralName.uniformResourceIdentifier, name))
                            .toArray(GeneralName[]::new)));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(subjectKey));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(issuerKey));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder(CertificateProfile.SIGNATURE).build(signer)));
        } catch (CertIOException | NoSuchAlgorithmException | CertificateException | OperatorCreationException e) {
            throw new IllegalArgumentException("The authority's key cannot sign a certificate", e);
        }
    }

    private static PublicKey p256(PublicKey subjectKey) {
        if (!CertificateProfile.isP256(subjectKey)) {
            throw new IllegalArgumentException("Only EC P-256 keys are certified");
        }
        return subjectKey;
    }

    /** A region is named after the controller that it is of. */
    private static String named(String region) {
        return new AgentAddress(AgentAddress.PLATFORM, region).name();
    }
}
