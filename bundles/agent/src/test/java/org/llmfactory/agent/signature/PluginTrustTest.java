package org.llmfactory.agent.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.agent.signature.JarContents.Limits;
import org.llmfactory.agent.signature.TestSigner.Kind;
import org.llmfactory.api.agent.PluginSigner;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

class PluginTrustTest {
    private static final String DIGEST = "d".repeat(64);
    private static final String ONE = "org/acme/One.class";

    @TempDir
    Path folder;

    private final TestSigner acme = TestSigner.named("Acme");
    private PluginTrust trust;

    @BeforeEach
    void trustAcme() {
        trust = trust(Clock.systemUTC(), Limits.DEFAULT);
        trust.trust(acme.pem());
    }

    private PluginTrust trust(Clock clock, Limits limits) {
        return new PluginTrust(folder.resolve("trust"), clock, limits);
    }

    @Test
    void whatATrustedSignerSignedIsTaken() throws IOException {
        PluginSigner signer = verify(signed());

        assertThat(signer.name()).isEqualTo("Acme");
        assertThat(signer.fingerprint()).isEqualTo(acme.fingerprint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC:secp384r1", "RSA:3072", "Ed25519:255"})
    void strongKeysOfOtherKindsAreTakenToo(String key) throws IOException {
        TestSigner other = TestSigner.named("Other", new Kind().key(key).issuedBy(acmeAuthority()));

        assertThat(verify(other.sign(unsigned())).name()).isEqualTo("Other");
    }

    @Test
    void whoHasHisCertificateFromATrustedAuthorityIsTrusted() throws IOException {
        TestSigner authority = acmeAuthority();
        TestSigner middle = TestSigner.named("Middle", new Kind().authority().issuedBy(authority));
        TestSigner signer = TestSigner.named("Employee", new Kind().issuedBy(middle));

        assertThat(verify(signer.sign(unsigned())).name()).isEqualTo("Employee");
    }

    @Test
    void anUnsignedJarIsRefused() throws IOException {
        assertRefused(unsigned(), "it is not signed");
    }

    @Test
    void anAlteredEntryIsNamed() throws IOException {
        assertRefused(TestJar.of(signed()).put(ONE, "evil").write(folder), "'" + ONE + "' was altered");
    }

    @Test
    void anAddedEntryIsNamed() throws IOException {
        assertRefused(TestJar.of(signed()).put("org/acme/Evil.class", "").write(folder), "Evil.class' was added");
    }

    @Test
    void anEntryAddedWhereSignaturesLieIsNamed() throws IOException {
        assertRefused(
                TestJar.of(signed()).put("META-INF/SIG-EVIL.X", "").write(folder), "'META-INF/SIG-EVIL.X' was added");
    }

    @Test
    void aRemovedEntryIsNamed() throws IOException {
        assertRefused(TestJar.of(signed()).remove(ONE).write(folder), "'" + ONE + "' was removed");
    }

    @Test
    void anEntryRemovedTogetherWithItsDigestIsNoticed() throws IOException {
        TestJar jar = TestJar.of(signed()).remove(ONE);
        String manifest = jar.text(JarContents.MANIFEST);
        int section = manifest.indexOf("Name: " + ONE);
        int end = manifest.indexOf("\r\n\r\n", section) + 4;
        jar.put(JarContents.MANIFEST, manifest.substring(0, section) + manifest.substring(end));

        assertRefused(jar.write(folder), "its manifest was altered");
    }

    @Test
    void anAlteredHeaderIsNoticed() throws IOException {
        TestJar jar = TestJar.of(signed());
        jar.put(JarContents.MANIFEST, jar.text(JarContents.MANIFEST).replace("small", "giant"));

        assertRefused(jar.write(folder), "its manifest was altered");
    }

    @Test
    void anAlteredSignatureFileIsNoticed() throws IOException {
        TestJar jar = TestJar.of(signed());
        String file = jar.name(".SF");
        jar.put(file, jar.text(file).replace("Created-By", "Altered-By"));

        assertRefused(jar.write(folder), "refused");
    }

    @Test
    void aStrangerIsRefusedWithTheCommandThatTrustsHim() throws IOException {
        TestSigner stranger = TestSigner.named("Stranger");

        assertRefused(
                stranger.sign(unsigned()),
                "'Stranger' is not trusted",
                stranger.fingerprint(),
                "./factory plugin trust");
    }

    @Test
    void aSignerVouchesForNobody() throws IOException {
        TestSigner friend = TestSigner.named("Friend", new Kind().issuedBy(acme));
        trust.trust(acmeAuthority().pem());

        assertRefused(friend.sign(unsigned()), "'Friend' is not trusted");
    }

    @Test
    void anAuthorityOfTheSameNameIsAnotherOne() throws IOException {
        acmeAuthority();
        TestSigner rogue = TestSigner.named("Acme authority", new Kind().authority());

        assertRefused(
                TestSigner.named("Employee", new Kind().issuedBy(rogue)).sign(unsigned()), "'Employee' is not trusted");
    }

    @Test
    void anExpiredCertificateIsRefused() throws IOException {
        Path jar = signed();
        Instant later = Instant.now().plus(Duration.ofDays(60));

        assertThatThrownBy(() -> trust(Clock.fixed(later, ZoneOffset.UTC), Limits.DEFAULT)
                        .verify(jar, DIGEST, List.of()))
                .hasMessageContaining("'Acme' expired on");
    }

    @Test
    void aCertificateThatIsNotValidYetIsRefused() throws IOException {
        TestSigner early = TestSigner.named(
                "Early", new Kind().from(Instant.now().plusSeconds(3600)).issuedBy(acmeAuthority()));

        assertRefused(early.sign(unsigned()), "'Early' is valid only from");
    }

    @Test
    void anAuthorityThatHasExpiredVouchesForNobody() throws IOException {
        TestSigner old = TestSigner.named(
                "Old", new Kind().authority().from(Instant.now().minus(Duration.ofDays(90))));
        Files.writeString(folder.resolve("trust/old.pem"), old.pem());

        assertRefused(TestSigner.named("Young", new Kind().issuedBy(old)).sign(unsigned()), "'Old' expired on");
    }

    @Test
    void aCertificateForServersSignsNoCode() throws IOException {
        TestSigner server = TestSigner.named(
                "Server", new Kind().purpose(KeyPurposeId.id_kp_serverAuth).issuedBy(acmeAuthority()));
        TestSigner anything =
                TestSigner.named("Anything", new Kind().purpose(null).issuedBy(acmeAuthority()));

        assertRefused(server.sign(unsigned()), "'Server' is not for signing code");
        assertRefused(anything.sign(unsigned()), "'Anything' is not for signing code");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA:2048", "DSA:2048"})
    void aWeakKeyIsRefused(String key) throws IOException {
        TestSigner weak = TestSigner.named("Weak", new Kind().key(key).issuedBy(acmeAuthority()));

        assertRefused(weak.sign(unsigned()), "The key of 'Weak' is weak");
    }

    @Test
    void weakDigestsAreRefused() throws IOException {
        assertRefused(acme.sign(unsigned(), "SHA-1", null), "weak");
    }

    @Test
    void aSignatureOverAWeakDigestIsRefused() throws IOException {
        assertRefused(acme.sign(unsigned(), "SHA-256", "SHA1withECDSA"), "not safe any more");
    }

    @Test
    void aSecondSignerIsRefused() throws IOException {
        assertRefused(TestSigner.named("Second").sign(signed()), "several have signed it");
    }

    @Test
    void whatHasBeenRevokedIsRefused() throws IOException {
        Path jar = signed();
        Path revoked = folder.resolve("trust/revoked");

        Files.writeString(
                revoked, "# stolen\n" + acme.certificate().getSerialNumber().toString(16) + " # Acme\n");
        assertRefused(jar, "'Acme' has been revoked");
        Files.writeString(revoked, acme.fingerprint().toUpperCase(java.util.Locale.ROOT) + "\n");
        assertRefused(jar, "'Acme' has been revoked");
        Files.writeString(revoked, DIGEST + "\n");
        assertRefused(jar, "this very file has been revoked");
        Files.writeString(revoked, "\n");
        assertThat(verify(jar).name()).isEqualTo("Acme");
    }

    @Test
    void aRevokedAuthorityVouchesForNobodyEvenIfAnotherVouchesForIt() throws IOException {
        TestSigner middle = TestSigner.named("Middle", new Kind().authority().issuedBy(acmeAuthority()));
        TestSigner signer = TestSigner.named("Employee", new Kind().issuedBy(middle));
        Files.writeString(folder.resolve("trust/revoked"), middle.fingerprint());

        assertRefused(signer.sign(unsigned()), "'Middle' has been revoked");
    }

    @Test
    void othersCanBeTrustedForOneJar() throws IOException {
        TestSigner guest = TestSigner.named("Guest");
        Path jar = guest.sign(unsigned());

        assertThat(trust.verify(jar, DIGEST, List.of(guest.pem())).name()).isEqualTo("Guest");
        assertRefused(jar, "'Guest' is not trusted");
    }

    @Test
    void aNameThatIsThereTwiceIsRefused() throws IOException {
        byte[] bytes = TestJar.of(signed()).put("org/acme/Oni.class", "oni").bytes();
        String twice = new String(bytes, ISO_8859_1).replace("org/acme/Oni.class", ONE);

        assertRefused(Files.write(folder.resolve("twice.jar"), twice.getBytes(ISO_8859_1)), "'" + ONE + "' twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/evil", "a/../../evil", "a\\evil"})
    void aNameThatLeadsOutOfTheJarIsRefused(String name) throws IOException {
        assertRefused(TestJar.of(signed()).put(name, "").write(folder), "leads out of the jar");
    }

    @Test
    void bombsAreRefusedBeforeTheyGoOff() throws IOException {
        Path many = TestJar.small().put("a", "").put("b", "").write(folder);
        Path large = TestJar.small().put("zeros", new byte[20 << 20]).write(folder);

        assertLimited(many, new Limits(1 << 20, 4, 1 << 20, 100), "over 4 entries");
        assertLimited(large, new Limits(1 << 20, 100, 1 << 20, 10_000), "unpack to over 1048576 bytes");
        assertLimited(large, new Limits(1 << 20, 100, 1L << 30, 100), "over 100 times its size");
        assertLimited(large, new Limits(100, 100, 1L << 30, 100), "over 100 bytes long");
    }

    @Test
    void anEntryThatIsLongerThanItsJarSaysIsRefused() throws IOException {
        Path jar = acme.sign(TestJar.small().put("zeros", new byte[100_000]).write(folder));
        byte[] bytes = Files.readAllBytes(jar);
        // The size in the table of contents: little endian, once more in the data descriptor, which nobody reads.
        byte[] size = {(byte) 0xa0, (byte) 0x86, 1, 0};
        for (int i = 0; i < bytes.length - 4; i++) {
            if (java.util.Arrays.equals(bytes, i, i + 4, size, 0, 4)) {
                bytes[i] = 10;
                bytes[i + 1] = 0;
                bytes[i + 2] = 0;
            }
        }

        assertRefused(Files.write(folder.resolve("liar.jar"), bytes), "'zeros'");
    }

    @Test
    void whatIsNoJarIsRefused() throws IOException {
        assertRefused(Files.writeString(folder.resolve("text.jar"), "not a jar"), "cannot be read as a jar");
    }

    @Test
    void whoIsTrustedNoMoreIsRefused() throws IOException {
        trust.distrust(acme.fingerprint());

        assertThat(trust.signers()).isEmpty();
        assertRefused(signed(), "'Acme' is not trusted");
        assertThatThrownBy(() -> trust.distrust(acme.fingerprint()))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void onlyWhatCanSignPluginsCanBeTrusted() {
        TestSigner server = TestSigner.named("Server", new Kind().purpose(KeyPurposeId.id_kp_serverAuth));
        TestSigner weak = TestSigner.named("Weak", new Kind().key("RSA:2048"));

        assertNotTrusted(server.pem(), "not for signing code");
        assertNotTrusted(weak.pem(), "is weak");
        assertNotTrusted("-----BEGIN PRIVATE KEY-----", "a private key");
        assertNotTrusted("hello", "no certificate");
        assertNotTrusted(acme.pem() + server.pem(), "there are 2");
    }

    @Test
    void aDamagedFileTakesNobodyElsesTrust() throws IOException {
        Files.writeString(folder.resolve("trust/damaged.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");

        assertThat(verify(signed()).name()).isEqualTo("Acme");
    }

    private TestSigner acmeAuthority() {
        TestSigner authority = TestSigner.named("Acme authority", new Kind().authority());
        trust.trust(authority.pem());
        return authority;
    }

    private Path unsigned() throws IOException {
        return TestJar.small().write(folder);
    }

    private Path signed() throws IOException {
        return acme.sign(unsigned());
    }

    private PluginSigner verify(Path jar) {
        return trust.verify(jar, DIGEST, List.of());
    }

    private void assertRefused(Path jar, String... reasons) {
        assertThatThrownBy(() -> verify(jar))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FILE))
                .hasMessageContainingAll(reasons);
    }

    private void assertLimited(Path jar, Limits limits, String reason) {
        assertThatThrownBy(() -> trust(Clock.systemUTC(), limits).verify(jar, DIGEST, List.of()))
                .hasMessageContaining(reason);
    }

    private void assertNotTrusted(String pem, String reason) {
        assertThatThrownBy(() -> trust.trust(pem)).hasMessageContaining(reason);
    }
}
