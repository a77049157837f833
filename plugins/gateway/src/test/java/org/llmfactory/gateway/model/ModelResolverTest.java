package org.llmfactory.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.gateway.Configs;
import org.llmfactory.gateway.GatewayFixture;

final class ModelResolverTest {
    private static final Caller CALLER = Caller.platform();

    private final GatewayFixture gateway = GatewayFixture.saying("");
    private final AdapterInfo pirate = gateway.adapter("pirate");
    private final AdapterInfo poet = gateway.adapter("poet");

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void baseModelIsFoundById() throws InterruptedException {
        ResolvedModel model = gateway.models.resolve(CALLER, "base");

        assertThat(model.base()).isEqualTo(GatewayFixture.BASE.info());
        assertThat(model.mix()).isEmpty();
        assertThat(model.fingerprint()).isEqualTo("fp_bbbbbbbbbbbb");
    }

    @Test
    void noNameMeansTheOldestBaseModel() throws InterruptedException {
        assertThat(gateway.models.resolve(CALLER, "").name()).isEqualTo("base");
    }

    @Test
    void noNameMeansTheConfiguredBaseModel() {
        ModelResolver models = new ModelResolver(
                gateway.directory,
                Configs.with(ModelResolver.Config.class, Map.of("defaultModel", "other", "waitSeconds", 0)));

        assertRefused(() -> models.resolve(CALLER, ""), ErrorCode.OVERLOADED, "'other'");
    }

    @Test
    void adapterIsFoundUnderAllItsNames() throws InterruptedException {
        for (String name : List.of("pirate", pirate.id(), "base:pirate", "base:" + pirate.id(), pirate.digest())) {
            ResolvedModel model = gateway.models.resolve(CALLER, name);

            assertThat(model.mix()).as(name).containsExactly(new AdapterWeight(pirate.digest(), 1));
            assertThat(model.name()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "base:nobody", "nowhere:pirate", "base:", ":", "../../etc/passwd"})
    void unknownNameIsNotFound(String name) {
        assertRefused(() -> gateway.models.resolve(CALLER, name), ErrorCode.MODEL_NOT_FOUND, "'" + name + "'");
    }

    @Test
    void adapterOfAnotherBaseIsRefused() {
        assertRefused(() -> gateway.models.resolve(CALLER, "base:foreign"), ErrorCode.ADAPTER_MISMATCH, "'foreign'");
        assertRefused(
                () -> gateway.models.resolve(CALLER, "base", mix("foreign", 1)), ErrorCode.ADAPTER_MISMATCH, "'other'");
    }

    @Test
    void mixReplacesTheAdapterOfTheName() throws InterruptedException {
        assertThat(gateway.models.resolve(CALLER, "pirate", mix("poet", 0.5f)).mix())
                .containsExactly(new AdapterWeight(poet.digest(), 0.5f));
    }

    @Test
    void emptyMixIsTheBaseModel() throws InterruptedException {
        assertThat(gateway.models.resolve(CALLER, "pirate", List.of()).mix()).isEmpty();
    }

    @Test
    void weightZeroIsLeftOut() throws InterruptedException {
        assertThat(gateway.models.resolve(CALLER, "base", mix("pirate", 0)).mix())
                .isEmpty();
    }

    @Test
    void mixWithoutANameChoosesItsBase() {
        ModelResolver models = new ModelResolver(
                gateway.directory, Configs.with(ModelResolver.Config.class, Map.of("waitSeconds", 0)));

        // There is no engine for it, which shows that it was chosen.
        assertRefused(() -> models.resolve(CALLER, "", mix("foreign", 1)), ErrorCode.OVERLOADED, "'other'");
    }

    @Test
    void adapterTwiceInAMixIsRefused() {
        List<AdapterReference> twice = List.of(
                new AdapterReference("pirate", 1, "adapters[0].id"),
                new AdapterReference(pirate.id(), 1, "adapters[1].id"));

        assertRefused(
                () -> gateway.models.resolve(CALLER, "base", twice), ErrorCode.INVALID_VALUE, "sum of its weights");
    }

    @Test
    void weightIsBounded() {
        for (float weight : new float[] {10.5f, -11, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertRefused(
                    () -> gateway.models.resolve(CALLER, "base", mix("pirate", weight)),
                    ErrorCode.INVALID_VALUE,
                    "weight");
        }
    }

    @Test
    void sizeOfAMixIsBounded() {
        List<AdapterReference> many = Collections.nCopies(33, mix("pirate", 1).get(0));

        assertRefused(() -> gateway.models.resolve(CALLER, "base", many), ErrorCode.INVALID_VALUE, "at most 32");
    }

    @Test
    void requestWaitsForAnEngineThatIsBeingUpdated() throws Exception {
        gateway.directory.removeEngine(gateway.engine);
        CompletableFuture<ResolvedModel> resolved = resolveLater("pirate");

        gateway.directory.addEngine(gateway.engine, Map.of());

        assertThat(resolved.get(5, TimeUnit.SECONDS).engine()).isSameAs(gateway.engine);
    }

    @Test
    void requestWaitsForARegistryThatIsBeingUpdated() throws Exception {
        gateway.directory.unsetRegistry(gateway.adapters);
        CompletableFuture<ResolvedModel> resolved = resolveLater("pirate");

        gateway.directory.setRegistry(gateway.adapters);

        assertThat(resolved.get(5, TimeUnit.SECONDS).adapterNames()).isEqualTo("pirate");
    }

    @Test
    void engineThatStaysAwayIsOverload() {
        gateway.directory.removeEngine(gateway.engine);

        assertRefused(() -> gateway.models.resolve(CALLER, "base"), ErrorCode.OVERLOADED, "No engine");
    }

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        ModelResolver.Config config = Configs.defaults(ModelResolver.Config.class);

        assertThat(config.defaultModel()).isEmpty();
        assertThat(config.maxAdapters()).isEqualTo(32);
        assertThat(config.maxAdapterWeight()).isEqualTo(10);
        assertThat(Duration.ofSeconds(config.waitSeconds())).isEqualTo(Duration.ofSeconds(30));
        assertThat(UUID.fromString(pirate.id())).isNotNull();
    }

    private CompletableFuture<ResolvedModel> resolveLater(String name) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return gateway.models.resolve(CALLER, name);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
    }

    private static List<AdapterReference> mix(String reference, float weight) {
        return List.of(new AdapterReference(reference, weight, "adapters[0].id"));
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call)
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining(message)
                .extracting("code")
                .isEqualTo(code);
    }
}
