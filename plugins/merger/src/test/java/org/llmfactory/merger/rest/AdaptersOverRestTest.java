package org.llmfactory.merger.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.ws.rs.core.SecurityContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.merger.TunedModels;
import org.llmfactory.merger.work.AdapterMaker;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.adapter.LoraWriter;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.testing.TinyModels;
import org.llmfactory.rest.Callers;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

class AdaptersOverRestTest {
    private static final SecurityContext USER = security(InMemoryAuthenticator.USER);
    private static final SecurityContext OTHER =
            security(InMemoryAuthenticator.user("user-2", Caller.DEFAULT_PROJECT, ProjectRole.MEMBER));

    private static TorchEngine torch;

    @TempDir
    Path home;

    private DecoderConfig config;
    private AdapterRegistry registry;
    private AdapterMaker maker;
    private MergeResource merges;
    private ExtractResource extractions;
    private final InMemoryLedger ledger = new InMemoryLedger();

    @BeforeAll
    static void openTorch() {
        torch = TorchEngine.open(TorchOptions.defaults());
    }

    @AfterAll
    static void closeTorch() {
        torch.close();
    }

    @BeforeEach
    void open() {
        config = TinyModels.llama(home.resolve("base"), 1);
        StubLocalModel base = model("base", "1".repeat(64));
        StubLocalModel tuned = model("tuned", "2".repeat(64));
        registry = new InMemoryAdapterRegistry(base.info(), tuned.info());
        maker = new AdapterMaker(torch, registry);
        Sources sources = new Sources(registry, new InMemoryProjects(), ledger, List.of(base, tuned));
        merges = new MergeResource(maker, sources, ledger);
        extractions = new ExtractResource(maker, sources, ledger);
    }

    @AfterEach
    void close() {
        maker.close();
    }

    @Test
    void mergesAndSaysOfWhat() {
        AdapterInfo first = register("first", 4, 2);
        AdapterInfo second = register("second", 2, 3);

        ObjectNode answer = merges.merge(USER, order("both", "cat", "first", second.id()));

        assertThat(answer.get("object").textValue()).isEqualTo("adapter");
        assertThat(answer.get("name").textValue()).isEqualTo("both");
        assertThat(answer.get("visibility").textValue()).isEqualTo("private");
        AdapterInfo made = registry.find("both").get(0);
        assertThat(made.owner()).isEqualTo(InMemoryAuthenticator.USER.id());
        try (LoraAdapter adapter = LoraAdapter.open(registry.fetch(made.digest()), config)) {
            assertThat(adapter.rank()).isEqualTo(6);
        }
        assertThat(ledger.types()).containsExactly("adapter.created");
        assertThat(ledger.events().get(0).details())
                .containsEntry("strategy", "cat")
                .containsEntry(
                        "merged",
                        List.of(
                                Map.of("id", first.id(), "digest", first.digest(), "weight", 0.5),
                                Map.of("id", second.id(), "digest", second.digest(), "weight", 0.5)));
    }

    @Test
    void theSameSeedGivesTheSameAdapter() {
        register("first", 4, 2);
        register("second", 4, 3);
        ObjectNode order =
                order("x", "dare_ties", "first", "second").put("density", 0.5).put("seed", 7);

        String digest = merges.merge(USER, order).get("digest").textValue();

        assertThat(merges.merge(USER, order.put("name", "y")).get("digest").textValue())
                .isEqualTo(digest);
        assertThat(merges.merge(USER, order.put("seed", 8)).get("digest").textValue())
                .isNotEqualTo(digest);
    }

    @Test
    void whoMayNotUseAnAdapterHearsOfNone() {
        register("first", 4, 2);

        assertCode(ErrorCode.MODEL_NOT_FOUND, () -> merges.merge(OTHER, order("both", "cat", "first")));
        assertThat(registry.find("both")).isEmpty();
    }

    @Test
    void showsTheResultToTheProject() {
        register("first", 4, 2);
        ObjectNode order = order("both", "cat", "first");

        assertThat(merges.merge(USER, order.put("visibility", "project"))
                        .get("visibility")
                        .textValue())
                .isEqualTo("project");
        assertCode(ErrorCode.PERMISSION_DENIED, () -> merges.merge(USER, order.put("visibility", "public")));
        assertThat(ledger.types()).containsExactly("adapter.created", "adapter.updated");
    }

    @Test
    void refusesOrdersThatCannotBeMet() {
        register("first", 4, 2);
        register("second", 2, 3);
        registry.register(
                label("foreign"),
                "tuned",
                home.resolve("second").resolve(LoraWriter.CONFIGURATION),
                home.resolve("second").resolve(LoraWriter.WEIGHTS));

        assertCode(ErrorCode.INVALID_VALUE, () -> merges.merge(USER, order("x", "linear", "first", "second")));
        assertCode(ErrorCode.INVALID_VALUE, () -> merges.merge(USER, order("x", "sum", "first")));
        assertCode(ErrorCode.MISSING_PARAMETER, () -> merges.merge(USER, order("x", "ties", "first", "second")));
        assertCode(ErrorCode.MISSING_PARAMETER, () -> merges.merge(USER, order("x", "cat")));
        assertCode(ErrorCode.ADAPTER_MISMATCH, () -> merges.merge(USER, order("x", "cat", "first", "foreign")));
        assertCode(
                ErrorCode.ADAPTER_MISMATCH,
                () -> merges.merge(USER, order("x", "cat", "first").put("base", "tuned")));
        assertThat(ledger.types()).isEmpty();
    }

    @Test
    void extractsAndSaysWhatIsLost() {
        TinyModels.adapter(home.resolve("hidden"), config, 2, 5);
        TunedModels.write(home.resolve("tuned"), home.resolve("base"), home.resolve("hidden"), 0.5F);
        ObjectNode order = JsonNodeFactory.instance
                .objectNode()
                .put("name", "found")
                .put("base", "base")
                .put("model", "tuned");

        assertCode(ErrorCode.MISSING_PARAMETER, () -> extractions.extract(USER, order));
        ObjectNode answer = extractions.extract(USER, order.put("energy", 0.9999));

        assertThat(answer.get("base_model").textValue()).isEqualTo("base");
        assertThat(answer.at("/extraction/layers")).hasSize(14).allSatisfy(layer -> {
            assertThat(layer.get("rank").intValue()).isEqualTo(2);
            assertThat(layer.get("residual").doubleValue()).isLessThan(0.011);
        });
        assertThat(answer.at("/extraction/lost"))
                .extracting(lost -> lost.get("weight").textValue())
                .containsExactly("lm_head.weight", "model.norm.weight");
        assertThat(ledger.events().get(0).details())
                .containsEntry("extracted", Map.of("id", "tuned", "digest", "2".repeat(64)));
        assertCode(ErrorCode.MODEL_NOT_FOUND, () -> extractions.extract(USER, order.put("model", "nothing")));
    }

    private StubLocalModel model(String id, String digest) {
        ByteTextCodec codec = new ByteTextCodec();
        ModelInfo info = new ModelInfo(id, digest, "llama", 512, codec.vocabularySize(), Instant.EPOCH);
        return new StubLocalModel(info, home.resolve(id), codec);
    }

    private AdapterInfo register(String name, int rank, long seed) {
        Path folder = home.resolve(name);
        TinyModels.adapter(folder, config, rank, seed);
        return registry.register(
                label(name), "base", folder.resolve(LoraWriter.CONFIGURATION), folder.resolve(LoraWriter.WEIGHTS));
    }

    private static AdapterRegistry.Label label(String name) {
        return new AdapterRegistry.Label(
                name, Caller.DEFAULT_PROJECT, InMemoryAuthenticator.USER.id(), Visibility.PRIVATE);
    }

    private static ObjectNode order(String name, String strategy, String... references) {
        ObjectNode order =
                JsonNodeFactory.instance.objectNode().put("name", name).put("strategy", strategy);
        for (String reference : references) {
            order.withArray("adapters")
                    .addObject()
                    .put(reference.length() == 36 ? "id" : "name", reference)
                    .put("weight", 0.5);
        }
        return order;
    }

    private static SecurityContext security(Caller caller) {
        return Callers.securityContext(caller, "127.0.0.1", false);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
