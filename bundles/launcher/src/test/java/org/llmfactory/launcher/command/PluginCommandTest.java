package org.llmfactory.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSigner;
import java.security.cert.X509Certificate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.command.ScriptedAgent.Result;

class PluginCommandTest {
    private static final String SIGNERS = "/admin/plugins/signers";

    @TempDir
    Path home;

    private ScriptedAgent agent;

    @BeforeEach
    void start() throws IOException {
        agent = new ScriptedAgent(home);
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void aPluginIsSentAsItIs() throws IOException {
        agent.on("POST /admin/plugins", "{\"symbolic_name\": \"org.acme.hello\", \"version\": \"1.0.0\"}");
        Path jar = Files.writeString(home.resolve("hello.jar"), "jar");

        Result result = agent.run("plugin", "deploy", jar.toString());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("org.acme.hello", "1.0.0");
        assertThat(agent.last().text()).isEqualTo("jar");
    }

    @Test
    void aRefusalIsSaidInTheAgentsWords() throws IOException {
        agent.on("POST /admin/plugins", 400, "{\"error\": {\"message\": \"it is not signed\"}}");
        Path jar = Files.writeString(home.resolve("hello.jar"), "jar");

        Result result = agent.run("plugin", "deploy", jar.toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("it is not signed");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(agent.run("plugin", "publish", home.resolve("gone.jar").toString())
                        .err())
                .contains("gone.jar");
        assertThat(agent.run("plugin", "trust", home.resolve("gone.pem").toString())
                        .err())
                .contains("gone.pem");
    }

    @Test
    void signersAreTrustedListedAndDistrusted() {
        keygen();
        agent.on("POST " + SIGNERS, "{\"name\": \"Acme\"}")
                .on(
                        "GET " + SIGNERS,
                        "{\"data\": [{\"id\": \"ab12\", \"name\": \"Acme\", \"expires_at\": 1800000000}]}")
                .on("DELETE " + SIGNERS + "/ab12", "{\"deleted\": true}");

        Result trusted =
                agent.run("plugin", "trust", key().resolve("signer.pem").toString());
        assertThat(trusted.out()).contains("Trusting Acme");
        assertThat(agent.last().text()).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(agent.run("plugin", "signers").out()).contains("Acme", "2027-01-15", "ab12");
        assertThat(agent.run("plugin", "distrust", "ab12").exitCode()).isZero();
    }

    @Test
    void aKeyIsForItsOwnersEyesAndNeverReplaced() throws Exception {
        assertThat(keygen().exitCode()).isZero();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key().resolve("signer.key"))))
                .isEqualTo("rw-------");
        Result again = keygen();
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("not replaced");
        Files.setPosixFilePermissions(key().resolve("signer.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(sign(jar()).err()).contains("chmod 600");
    }

    @Test
    void aSignedPluginHasOneSignerHoweverOftenItIsSigned() throws Exception {
        keygen();
        Path jar = jar();

        assertThat(sign(jar).exitCode()).isZero();
        assertThat(sign(jar).exitCode()).isZero();

        try (JarFile file = new JarFile(jar.toFile(), true)) {
            JarEntry entry = file.getJarEntry("content");
            assertThat(file.getInputStream(entry).readAllBytes()).asString().isEqualTo("hello");
            CodeSigner[] signers = entry.getCodeSigners();
            assertThat(signers).hasSize(1);
            X509Certificate certificate = (X509Certificate)
                    signers[0].getSignerCertPath().getCertificates().get(0);
            assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.3");
            assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=Acme");
            assertThat(file.stream().map(JarEntry::getName).filter(name -> name.endsWith(".SF")))
                    .hasSize(1);
        }
    }

    @Test
    void theOriginalStaysWhereAnotherFileIsNamed() throws Exception {
        keygen();
        Path jar = jar();
        byte[] before = Files.readAllBytes(jar);

        Result result = agent.run(
                "plugin", "sign", jar.toString(), "--key", key().toString(), "--out", home + "/signed.jar", "--json");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("signed.jar", "fingerprint");
        assertThat(Files.readAllBytes(jar)).isEqualTo(before);
        assertThat(home.resolve("signed.jar")).exists();
    }

    @Test
    void whoHasNoKeyIsToldHowToMakeOne() throws Exception {
        Result result = sign(jar());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("./factory plugin keygen");
    }

    @Test
    void theRepositoryIsFilledListedAndEmptied() throws IOException {
        String plugin = "{\"id\": \"ab12\", \"plugin\": \"org.acme.hello\", \"version\": \"1.0.0\", \"size\": 3}";
        agent.on("POST /admin/repository/plugins", plugin)
                .on("GET /admin/repository/plugins", "{\"data\": [" + plugin + "]}")
                .on("DELETE /admin/repository/plugins/ab12", "{\"deleted\": true}");
        Path jar = Files.writeString(home.resolve("hello.jar"), "jar");

        assertThat(agent.run("plugin", "publish", jar.toString()).out())
                .contains("Published org.acme.hello 1.0.0, digest ab12");
        assertThat(agent.run("plugin", "published").out()).contains("org.acme.hello", "ab12");
        assertThat(agent.run("plugin", "unpublish", "ab12").exitCode()).isZero();
    }

    private Result keygen() {
        return agent.run("plugin", "keygen", "--out", key().toString(), "--name", "Acme");
    }

    private Result sign(Path jar) {
        return agent.run("plugin", "sign", jar.toString(), "--key", key().toString());
    }

    private Path key() {
        return home.resolve("key");
    }

    private Path jar() throws IOException {
        Path jar = home.resolve("plugin.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream written = new JarOutputStream(out, manifest)) {
            written.putNextEntry(new ZipEntry("content"));
            written.write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return jar;
    }
}
