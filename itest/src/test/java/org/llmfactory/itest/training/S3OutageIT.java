package org.llmfactory.itest.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.launcher.agent.Installation;
import org.llmfactory.storage.testing.S3Server;

/** The S3 server dies in the middle of a job: the job says so and ends right when it is back, and nothing else is disturbed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class S3OutageIT {
    @TempDir
    Path folder;

    @Test
    void aJobGoesOnWhenTheServerIsBack() throws Exception {
        Path jar = Installation.located().root().resolve("bundles/storage/target/s3-server.jar");
        try (S3Server server = new S3Server(jar, folder);
                RunningAgent agent = RunningAgent.start(home -> prepare(home, server))) {
            agent.awaitServed();
            Platform platform = new Platform(agent);
            Tuner tuner = new Tuner(platform.sdk(
                    platform.serviceAccount(platform.project("outage")).value()));
            String before = tuner.ask(RunningAgent.MODEL);
            LongJob job = LongJob.order(tuner).underWay();

            server.kill();

            job.awaitWantOfStore();
            assertThat(tuner.ask(RunningAgent.MODEL)).isEqualTo(before);
            job.assertUploadsAreRefused();
            server.start();
            job.assertComplete();
            LongJob.awaitNoFile(folder, "/training/");
            LongJob.awaitNoFile(agent.agent().home().resolve("objects"), "/");
        }
    }

    private static void prepare(Path home, S3Server server) {
        try {
            Path secrets = Files.createDirectory(home.resolve("secrets"), mode("rwx------"));
            Files.createFile(secrets.resolve("s3.credentials"), mode("rw-------"));
            Files.writeString(secrets.resolve("s3.credentials"), S3Server.CREDENTIALS);
            Files.createFile(home.resolve("agent.properties"), mode("rw-------"));
            Files.write(
                    home.resolve("agent.properties"),
                    List.of(
                            "llmfactory.storage.kind=s3",
                            "llmfactory.storage.endpoint=" + server.endpoint(),
                            "llmfactory.storage.bucket=" + S3Server.BUCKET,
                            "llmfactory.storage.connectTimeoutSeconds=2"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
