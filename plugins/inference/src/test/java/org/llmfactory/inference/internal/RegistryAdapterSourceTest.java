package org.llmfactory.inference.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.inference.engine.ScriptedModelRunner;
import org.llmfactory.inference.runner.RunnerLimits;

final class RegistryAdapterSourceTest {
    private static final ModelInfo BASE = new ModelInfo("base", "b".repeat(64), "llama", 64, 50, Instant.EPOCH);
    private static final ModelInfo OTHER = new ModelInfo("other", "c".repeat(64), "llama", 64, 50, Instant.EPOCH);

    private final InMemoryAdapterRegistry registry = new InMemoryAdapterRegistry(BASE, OTHER);
    private final ScriptedModelRunner runner = new ScriptedModelRunner(new RunnerLimits(50, 64, 4, 16));
    private final RegistryAdapterSource source = new RegistryAdapterSource(() -> registry, BASE, runner);

    @Test
    void anAdapterOfThisModelIsFound() {
        AdapterInfo adapter = registry.add("mine", BASE);

        assertThat(source.find(adapter.digest())).isEqualTo(adapter.bytes());
    }

    @Test
    void onlyADigestFindsAnAdapter() {
        AdapterInfo adapter = registry.add("mine", BASE);

        assertFails(() -> source.find("mine"), ErrorCode.MODEL_NOT_FOUND);
        assertFails(() -> source.find(adapter.id()), ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void anAdapterOfAnotherModelDoesNotFit() {
        AdapterInfo adapter = registry.add("theirs", OTHER);

        assertFails(() -> source.find(adapter.digest()), ErrorCode.ADAPTER_MISMATCH);
    }

    @Test
    void aRemovedAdapterIsUnknown() {
        AdapterInfo adapter = registry.add("mine", BASE);
        registry.remove(registry.find("mine").get(0).id());

        assertFails(() -> source.find(adapter.digest()), ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void withoutARegistryTheCallerMayTryAgain() {
        RegistryAdapterSource orphan = new RegistryAdapterSource(() -> null, BASE, runner);

        assertFails(() -> orphan.find("a".repeat(64)), ErrorCode.OVERLOADED);
    }

    @Test
    void damagedFilesAreAnErrorOfThatAdapter(@TempDir Path folder) throws IOException {
        Path configuration = Files.writeString(folder.resolve("c.json"), "{}");
        Path weights = Files.writeString(folder.resolve("w.safetensors"), "nonsense");
        AdapterInfo adapter = registry.register(
                new AdapterRegistry.Label("broken", Caller.DEFAULT_PROJECT, "user-1", Visibility.PRIVATE),
                "base",
                configuration,
                weights);

        assertFails(() -> source.load(adapter.digest()), ErrorCode.INVALID_FILE);
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
