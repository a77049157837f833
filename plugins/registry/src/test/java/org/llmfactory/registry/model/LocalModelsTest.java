package org.llmfactory.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.llmfactory.models.testing.TinyModels;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

final class LocalModelsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Framework framework;
    private BundleContext context;
    private Path models;
    private LocalModels localModels;

    @BeforeEach
    void start() throws BundleException, IOException {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, folder.resolve("framework").toString()));
        framework.start();
        context = framework.getBundleContext();
        models = Files.createDirectories(folder.resolve("home/models"));
        TinyModels.llama(models.resolve("here-before"), 1);
        localModels = new LocalModels(context, new FolderHome(folder.resolve("home")));
    }

    @AfterEach
    void stop() throws Exception {
        localModels.stop();
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void modelsThatAreThereArePublished() {
        ServiceReference<LocalModel> model = awaitModel("here-before");

        LocalModel service = context.getService(model);
        assertThat(service.info().id()).isEqualTo("here-before");
        assertThat(service.info().family()).isEqualTo("llama");
        assertThat(service.info().digest()).matches("[0-9a-f]{64}").isEqualTo(model.getProperty(LocalModel.DIGEST));
        assertThat(service.location()).isEqualTo(models.resolve("here-before"));
        assertThat(service.text()).isSameAs(service.text());
        assertThat(model.getProperty(Constants.OBJECTCLASS))
                .isEqualTo(new String[] {Model.class.getName(), LocalModel.class.getName()});
        assertThat(service.text().decode(service.text().encode("hello", false), true))
                .isEqualTo("hello");
    }

    @Test
    void aPulledModelAppearsAndARemovedOneVanishes() throws IOException {
        awaitModel("here-before");
        TinyModels.llama(models.resolve(".pull-new-1"), 2);
        Files.move(models.resolve(".pull-new-1"), models.resolve("new"));

        awaitModel("new");
        delete(models.resolve("new"));

        awaitGone("new");
        assertThat(find("here-before")).isPresent();
        assertThat(find(".pull-new-1")).isEmpty();
    }

    @Test
    void aReplacedModelIsPublishedAnew() {
        Object before = awaitModel("here-before").getProperty(LocalModel.DIGEST);

        TinyModels.llama(models.resolve("here-before"), 3);

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(find("here-before"))
                        .hasValueSatisfying(model ->
                                assertThat(model.getProperty(LocalModel.DIGEST)).isNotEqualTo(before)));
    }

    @Test
    void anIncompleteModelIsPublishedOnceItIsWhole() throws IOException {
        TinyModels.llama(models.resolve(".elsewhere"), 4);
        Path incomplete = Files.createDirectory(models.resolve("slow"));
        Files.copy(models.resolve(".elsewhere/config.json"), incomplete.resolve("config.json"));
        TinyModels.llama(models.resolve("later"), 5);
        awaitModel("later");
        assertThat(find("slow")).isEmpty();

        try (Stream<Path> files = Files.list(models.resolve(".elsewhere"))) {
            for (Path file : files.toList()) {
                Path target = incomplete.resolve(file.getFileName());
                if (!Files.exists(target)) {
                    Files.copy(file, target);
                }
            }
        }

        awaitModel("slow");
    }

    @Test
    void allModelsGoWithThePlugin() throws InterruptedException {
        awaitModel("here-before");

        localModels.stop();

        assertThat(find("here-before")).isEmpty();
    }

    private ServiceReference<LocalModel> awaitModel(String id) {
        Awaitility.await().atMost(SOON).until(() -> find(id).isPresent());
        return find(id).orElseThrow();
    }

    private void awaitGone(String id) {
        Awaitility.await().atMost(SOON).until(() -> find(id).isEmpty());
    }

    @SuppressWarnings("unchecked") // found by that class
    private Optional<ServiceReference<LocalModel>> find(String id) {
        try {
            ServiceReference<?>[] found =
                    context.getServiceReferences(LocalModel.class.getName(), "(" + LocalModel.ID + "=" + id + ")");
            return Arrays.stream(found == null ? new ServiceReference<?>[0] : found)
                    .map(reference -> (ServiceReference<LocalModel>) reference)
                    .findFirst();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path model) throws IOException {
        try (Stream<Path> files = Files.walk(model)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
