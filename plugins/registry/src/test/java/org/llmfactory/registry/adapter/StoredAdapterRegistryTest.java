package org.llmfactory.registry.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.testing.AdapterRegistryContract;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.testing.TinyModels;
import org.llmfactory.models.text.ModelDescription;

class StoredAdapterRegistryTest extends AdapterRegistryContract {
    private static final String BASE = "tiny";

    @TempDir
    Path folder;

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private LocalModel base;
    private StoredAdapterRegistry registry;

    private record Whole(Path location) implements LocalModel {
        @Override
        public ModelInfo info() {
            return new ModelInfo(BASE, "d".repeat(64), "llama", 64, 300, Instant.EPOCH);
        }

        @Override
        public TextCodec text() {
            return new ByteTextCodec();
        }
    }

    /** A model whose weights are elsewhere. */
    private record Described(Path description, Optional<String> tenant) implements Model {
        @Override
        public ModelInfo info() {
            return new ModelInfo(BASE, "d".repeat(64), "llama", 64, 300, Instant.EPOCH);
        }

        @Override
        public TextCodec text() {
            return new ByteTextCodec();
        }
    }

    private record HomeIn(Path root) implements Home {}

    @BeforeEach
    void open() throws IOException {
        DecoderConfig config = TinyModels.llama(folder.resolve("models/tiny"), 1);
        TinyModels.adapter(folder.resolve("adapter-0"), config, 4, 10);
        TinyModels.adapter(folder.resolve("adapter-1"), config, 8, 11);
        base = new Whole(folder.resolve("models/tiny"));
        registry = restarted("home");
    }

    @Override
    protected AdapterRegistry registry() {
        return registry;
    }

    @Override
    protected String baseModel() {
        return BASE;
    }

    @Override
    protected Path adapter(int number) {
        return folder.resolve("adapter-" + number);
    }

    @Test
    void registrationsAndContentsAreThereAfterARestart() throws IOException {
        AdapterInfo info = register(0);

        registry = restarted("home");

        assertThat(registry.list()).containsExactly(info);
        assertThat(registry.fetch(info.digest())).isDirectory();
    }

    @Test
    void anAdapterForAModelWhoseWeightsAreElsewhereIsChecked() throws IOException {
        Path description = Files.createDirectory(folder.resolve("description"));
        ModelDescription.copy(folder.resolve("models/tiny"), description);
        registry = new StoredAdapterRegistry(
                store, new HomeIn(folder.resolve("far")), List.of(new Described(description, Optional.empty())));

        assertThat(register(0).baseDigest()).isEqualTo("d".repeat(64));
        Files.delete(folder.resolve("adapter-1/adapter_config.json"));
        Files.writeString(folder.resolve("adapter-1/adapter_config.json"), "{}");
        assertThatThrownBy(() -> register(1)).isInstanceOf(FactoryException.class);
    }

    @Test
    void aModelOfAnotherProjectsNodesIsNoBaseHere() throws IOException {
        Described foreign = new Described(folder.resolve("models/tiny"), Optional.of("proj_other"));
        registry = new StoredAdapterRegistry(store, new HomeIn(folder.resolve("far")), List.of(foreign));

        assertThatThrownBy(() -> register(0))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
    }

    @Test
    void anEntryFromBeforeThereWereProjectsBelongsToTheDefaultProject() throws IOException {
        AdapterInfo info = register(0);
        String key = "adapters/registrations/" + info.id() + ".json";
        ObjectMapper json = new ObjectMapper();
        try (InputStream in = store.open(key, 0).orElseThrow()) {
            ObjectNode old = (ObjectNode) json.readTree(in);
            old.remove(List.of("project", "owner", "visibility"));
            store.put(key, new ByteArrayInputStream(json.writeValueAsBytes(old)));
        }

        AdapterInfo read = restarted("home").find("haiku").get(0);

        assertThat(read.project()).isEqualTo(Caller.DEFAULT_PROJECT);
        assertThat(read.owner()).isEqualTo(Caller.platform().id());
        assertThat(read.visibility()).isEqualTo(Visibility.PROJECT);
    }

    @Test
    void anotherAgentFetchesTheContentFromTheStore() throws IOException {
        AdapterInfo info = register(0);

        Path fetched = restarted("another home").fetch(info.digest());

        assertThat(fetched.resolve(AdapterFiles.WEIGHTS))
                .hasSameBinaryContentAs(adapter(0).resolve(AdapterFiles.WEIGHTS));
    }

    @Test
    void contentThatDoesNotMatchItsDigestIsRefused() throws IOException {
        AdapterInfo info = register(0);
        String key = "adapters/blobs/" + info.digest() + '/' + AdapterFiles.CONFIGURATION;
        store.put(key, new ByteArrayInputStream("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        StoredAdapterRegistry other = restarted("another home");

        assertThatThrownBy(() -> other.fetch(info.digest()))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FILE));
    }

    @Test
    void aRefusedAdapterLeavesNothingBehind() throws IOException {
        Path weights = Files.writeString(folder.resolve("weights"), "not safetensors");

        assertThatThrownBy(() ->
                        registry.register(label("bad"), BASE, adapter(0).resolve(AdapterFiles.CONFIGURATION), weights))
                .isInstanceOf(FactoryException.class);

        assertThat(store.list("")).isEmpty();
        assertThat(folder.resolve("home/cache/adapters")).isEmptyDirectory();
    }

    @Test
    void removingTheLastRegistrationRemovesTheContent() throws IOException {
        AdapterInfo info = register(0);

        registry.remove(info.id());

        assertThat(store.list("")).extracting(StoredObject::key).isEmpty();
        assertThat(folder.resolve("home/cache/adapters")).isEmptyDirectory();
    }

    private AdapterInfo register(int number) {
        return registry.register(
                label("haiku"),
                BASE,
                adapter(number).resolve(AdapterFiles.CONFIGURATION),
                adapter(number).resolve(AdapterFiles.WEIGHTS));
    }

    private StoredAdapterRegistry restarted(String home) throws IOException {
        return new StoredAdapterRegistry(store, new HomeIn(folder.resolve(home)), List.of(base));
    }
}
