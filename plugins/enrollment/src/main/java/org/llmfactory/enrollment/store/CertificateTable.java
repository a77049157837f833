package org.llmfactory.enrollment.store;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.llmfactory.messaging.identity.CertificateProfile;

/** The certificates that were issued here, and the revocations of here and elsewhere. */
public record CertificateTable(Handle handle) {
    /**
     * Notes a certificate.
     *
     * @param agent the name of the agent that it was issued to
     */
    public void insert(X509Certificate certificate, String agent, Instant now) {
        handle.createUpdate("INSERT INTO network_certificates (serial, agent_name, key_digest, issued, expires)"
                        + " VALUES (:serial, :agent, :key, :now, :expires)")
                .bind("serial", CertificateProfile.serial(certificate))
                .bind("agent", agent)
                .bind("key", CertificateProfile.fingerprint(certificate.getPublicKey()))
                .bind("now", now.toEpochMilli())
                .bind("expires", certificate.getNotAfter().toInstant().toEpochMilli())
                .execute();
    }

    /** How many certificates of an agent work. */
    public int working(String agent, Instant now) {
        return handle.createQuery("SELECT COUNT(*) FROM network_certificates"
                        + " WHERE agent_name = :agent AND revoked IS NULL AND expires > :now")
                .bind("agent", agent)
                .bind("now", now.toEpochMilli())
                .mapTo(Integer.class)
                .one();
    }

    /** Revokes all certificates of an agent, those of its region's authority included. */
    public void revoke(String agent, Instant now) {
        handle.createUpdate(
                        "UPDATE network_certificates SET revoked = :now WHERE agent_name = :agent AND revoked IS NULL")
                .bind("agent", agent)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    /** Whether a key had a certificate that was revoked. */
    public boolean isRevokedKey(String digest) {
        return handle.createQuery(
                                "SELECT COUNT(*) FROM network_certificates WHERE key_digest = :key AND revoked IS NOT NULL")
                        .bind("key", digest)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** Serial numbers of what was issued here, is revoked and has not ended. */
    public Set<String> revoked(Instant now) {
        return new TreeSet<>(handle.createQuery(
                        "SELECT serial FROM network_certificates WHERE revoked IS NOT NULL AND expires > :now")
                .bind("now", now.toEpochMilli())
                .mapTo(String.class)
                .list());
    }

    /** Serial numbers that controllers of other regions have revoked. */
    public Set<String> revokedElsewhere() {
        return new TreeSet<>(handle.createQuery("SELECT serial FROM network_foreign_revocations")
                .mapTo(String.class)
                .list());
    }

    /** Whether a certificate was issued here. */
    public boolean isOurs(String serial) {
        return handle.createQuery("SELECT COUNT(*) FROM network_certificates WHERE serial = :serial")
                        .bind("serial", serial)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** Notes what a controller of another region has revoked. */
    public void revokedElsewhere(String serial, String teller, Instant now) {
        handle.createUpdate(
                        "INSERT INTO network_foreign_revocations (serial, teller, told) VALUES (:serial, :teller, :now)")
                .bind("serial", serial)
                .bind("teller", teller)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    /** Forgets what has ended, but for the keys that were revoked. */
    public void deleteEnded(Instant now, Instant toldBefore) {
        handle.createUpdate("DELETE FROM network_certificates WHERE revoked IS NULL AND expires < :now")
                .bind("now", now.toEpochMilli())
                .execute();
        handle.createUpdate("DELETE FROM network_foreign_revocations WHERE told < :before")
                .bind("before", toldBefore.toEpochMilli())
                .execute();
    }
}
