package org.llmfactory.enrollment.store;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.IssuingAuthority;

/**
 * The authority, of which there is one for all controllers that share the database.
 *
 * @param store seals its key
 * @param handle a connection
 */
public record AuthorityTable(NetworkStore store, Handle handle) {
    private static final int ONLY = 1;

    public Optional<IssuingAuthority> find() {
        return handle.createQuery("SELECT root, chain, sealed_key FROM network_authority WHERE id = :id")
                .bind("id", ONLY)
                .map((row, context) ->
                        authority(row.getString("root"), row.getString("chain"), row.getString("sealed_key")))
                .findOne();
    }

    /**
     * Stores the first authority.
     *
     * @throws org.jdbi.v3.core.statement.UnableToExecuteStatementException when there is one already
     */
    public void insert(IssuingAuthority authority, Instant now) {
        handle.createUpdate("INSERT INTO network_authority (id, root, chain, sealed_key, issued)"
                        + " VALUES (:id, :root, :chain, :key, :now)")
                .bind("id", ONLY)
                .bind("root", text(authority.root()))
                .bind("chain", text(authority.chain()))
                .bind("key", seal(authority))
                .bind("now", now.toEpochMilli())
                .execute();
    }

    /**
     * Puts a renewed authority in the place of the one before.
     *
     * @return false when another controller was faster
     */
    public boolean replace(IssuingAuthority before, IssuingAuthority after, Instant now) {
        return handle.createUpdate("UPDATE network_authority SET chain = :chain, sealed_key = :key, issued = :now"
                                + " WHERE id = :id AND chain = :before")
                        .bind("id", ONLY)
                        .bind("before", text(before.chain()))
                        .bind("chain", text(after.chain()))
                        .bind("key", seal(after))
                        .bind("now", now.toEpochMilli())
                        .execute()
                == 1;
    }

    private String seal(IssuingAuthority authority) {
        return store.seal(authority.key().getEncoded(), context(authority.root()));
    }

    private IssuingAuthority authority(String root, String chain, String sealedKey) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            X509Certificate rootCertificate = parse(factory, root);
            List<X509Certificate> certificates =
                    chain.lines().map(line -> parse(factory, line)).toList();
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(store.open(sealedKey, context(rootCertificate))));
            return new IssuingAuthority(rootCertificate, certificates, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the authority in the database is damaged", e);
        }
    }

    private static String context(X509Certificate root) {
        return "authority of " + CertificateProfile.fingerprint(root.getPublicKey());
    }

    private static String text(List<X509Certificate> chain) {
        return chain.stream().map(AuthorityTable::text).collect(Collectors.joining("\n"));
    }

    private static String text(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that cannot be encoded", e);
        }
    }

    private static X509Certificate parse(CertificateFactory factory, String text) {
        try {
            return (X509Certificate) factory.generateCertificate(
                    new ByteArrayInputStream(Base64.getDecoder().decode(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the authority in the database is damaged", e);
        }
    }
}
