package org.llmfactory.api.adapter.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.AdapterRegistry.Label;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;

/** What every {@link AdapterRegistry} must do. A provider's test extends it and says what to test it with. */
public abstract class AdapterRegistryContract {
    @TempDir
    protected Path scratch;

    /** An empty registry; the same one during one test. */
    protected abstract AdapterRegistry registry() throws IOException;

    /** The id of a base model the registry knows. */
    protected abstract String baseModel();

    /** A folder with an adapter of that base; a different one for each number, 0 and 1. */
    protected abstract Path adapter(int number) throws IOException;

    @Test
    protected void aRegisteredAdapterIsFoundByEveryReference() throws IOException {
        AdapterInfo adapter = register("haiku", 0);

        assertThat(adapter.name()).isEqualTo("haiku");
        assertThat(adapter.baseModel()).isEqualTo(baseModel());
        assertThat(adapter.digest()).matches("[0-9a-f]{64}");
        assertThat(adapter.rank()).isPositive();
        assertThat(adapter.targetModules()).isNotEmpty();
        assertThat(adapter.bytes()).isPositive();
        for (String reference :
                List.of(adapter.id(), adapter.name(), baseModel() + ":" + adapter.name(), adapter.digest())) {
            assertThat(registry().find(reference)).containsExactly(adapter);
        }
        assertThat(registry().list()).containsExactly(adapter);
    }

    @Test
    protected void anUnknownReferenceIsAbsent() throws IOException {
        register("haiku", 0);

        assertThat(registry().find("other")).isEmpty();
        assertThat(registry().find("other-base:haiku")).isEmpty();
        assertThat(registry().find("")).isEmpty();
        assertThat(registry().remove("other")).isFalse();
    }

    @Test
    protected void registeringTheSameAgainReturnsTheExistingEntry() throws IOException {
        AdapterInfo first = register("haiku", 0);

        assertThat(register("haiku", 0)).isEqualTo(first);
        assertThat(registry().list()).containsExactly(first);
    }

    @Test
    protected void otherContentUnderAKnownNameMovesTheName() throws IOException {
        AdapterInfo first = register("haiku", 0);
        AdapterInfo second = register("haiku", 1);

        assertThat(second.digest()).isNotEqualTo(first.digest());
        assertThat(registry().find("haiku")).containsExactly(second);
        assertThat(registry().list()).containsExactly(second);
    }

    @Test
    protected void twoNamesMayPointToOneContent() throws IOException {
        AdapterInfo first = register("haiku", 0);
        AdapterInfo second = register("verse", 0);

        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(registry().list()).containsExactly(first, second);
        assertThat(registry().remove(first.id())).isTrue();
        assertThat(registry().find("verse")).containsExactly(second);
        assertThat(registry().fetch(second.digest())).isDirectory();
    }

    @Test
    protected void ownersAndProjectsHaveNamesOfTheirOwn() throws IOException {
        AdapterInfo first = register("haiku", 0);
        Path folder = adapter(1);
        Label other = new Label("haiku", "proj_other", "user-2", Visibility.PROJECT);

        AdapterInfo second = registry().register(other, baseModel(), config(folder), weights(folder));

        Label sibling = new Label("haiku", Caller.DEFAULT_PROJECT, "user-2", Visibility.PRIVATE);
        AdapterInfo third = registry().register(sibling, baseModel(), config(folder), weights(folder));

        assertThat(registry().find("haiku")).containsExactlyInAnyOrder(first, second, third);
        assertThat(registry().remove(third.id())).isTrue();
        assertThat(second.project()).isEqualTo("proj_other");
        assertThat(second.owner()).isEqualTo("user-2");
        assertThat(second.visibility()).isEqualTo(Visibility.PROJECT);
        assertThat(registry().remove(second.id())).isTrue();
        assertThat(registry().find("haiku")).containsExactly(first);
    }

    @Test
    protected void anAdapterIsShownToOthersAndHiddenAgain() throws IOException {
        AdapterInfo adapter = register("haiku", 0);

        assertThat(registry().show(adapter.id(), Visibility.PUBLIC))
                .hasValueSatisfying(shown -> assertThat(shown.visibility()).isEqualTo(Visibility.PUBLIC));
        assertThat(registry().find("haiku").get(0).visibility()).isEqualTo(Visibility.PUBLIC);
        assertThat(register("haiku", 1).visibility()).isEqualTo(Visibility.PUBLIC);
        assertThat(registry().show("unheard-of", Visibility.PUBLIC)).isEmpty();
    }

    @Test
    protected void aRemovedAdapterIsNoLongerFound() throws IOException {
        AdapterInfo adapter = register("haiku", 0);

        assertThat(registry().remove(adapter.id())).isTrue();
        assertThat(registry().find("haiku")).isEmpty();
        assertThat(registry().list()).isEmpty();
        assertThat(registry().remove(adapter.id())).isFalse();
    }

    @Test
    protected void fetchedFilesAreThoseRegistered() throws IOException {
        AdapterInfo info = register("haiku", 0);

        Path fetched = registry().fetch(info.digest());

        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            assertThat(fetched.resolve(file)).hasSameBinaryContentAs(adapter(0).resolve(file));
        }
    }

    @Test
    protected void fetchingAnUnknownDigestSaysSo() throws IOException {
        AdapterRegistry registry = registry();

        assertCode(ErrorCode.MODEL_NOT_FOUND, () -> registry.fetch("0".repeat(64)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Haiku", "ha iku", "../haiku", "a:b", "a/b", "é"})
    protected void malformedNamesAreRefused(String name) {
        assertCode(ErrorCode.INVALID_VALUE, () -> register(name, 0));
        assertCode(ErrorCode.INVALID_VALUE, () -> register("x".repeat(65), 0));
    }

    @Test
    protected void anUnknownBaseModelIsRefused() throws IOException {
        Path folder = adapter(0);

        assertCode(
                ErrorCode.MODEL_NOT_FOUND,
                () -> registry().register(label("haiku"), "unheard-of", config(folder), weights(folder)));
    }

    @Test
    protected void emptyFilesAreRefused() throws IOException {
        Path folder = adapter(0);
        Path empty = Files.createFile(scratch.resolve("empty"));

        assertCode(
                ErrorCode.INVALID_FILE, () -> registry().register(label("haiku"), baseModel(), empty, weights(folder)));
        assertCode(
                ErrorCode.INVALID_FILE, () -> registry().register(label("haiku"), baseModel(), config(folder), empty));
        assertThat(registry().list()).isEmpty();
    }

    @Test
    protected void concurrentRegistrationsOfOneNameMakeOneEntry() throws Exception {
        AdapterRegistry registry = registry();
        Path folder = adapter(0);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<AdapterInfo>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                calls.add(callers.submit(
                        () -> registry.register(label("haiku"), baseModel(), config(folder), weights(folder))));
            }
            for (Future<AdapterInfo> call : calls) {
                assertThat(call.get(60, TimeUnit.SECONDS).name()).isEqualTo("haiku");
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(registry().list()).hasSize(1);
    }

    /** Registers one of the test's adapters. */
    protected final AdapterInfo register(String name, int number) throws IOException {
        Path folder = adapter(number);
        return registry().register(label(name), baseModel(), config(folder), weights(folder));
    }

    /** A private adapter of one user in the default project. */
    protected static Label label(String name) {
        return new Label(name, Caller.DEFAULT_PROJECT, "user-1", Visibility.PRIVATE);
    }

    /** Asserts that an action fails for that reason. */
    protected static void assertCode(ErrorCode code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private static Path config(Path folder) {
        return folder.resolve("adapter_config.json");
    }

    private static Path weights(Path folder) {
        return folder.resolve("adapter_model.safetensors");
    }
}
