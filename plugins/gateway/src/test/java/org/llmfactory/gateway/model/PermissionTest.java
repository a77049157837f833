package org.llmfactory.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.ModelPermissions.Mode;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.gateway.GatewayFixture;

/** Whose models and adapters are there for whom. */
final class PermissionTest {
    private static final Caller ALICE = InMemoryAuthenticator.user("alice", "proj_a", ProjectRole.MEMBER);
    private static final Caller BOB = InMemoryAuthenticator.user("bob", "proj_a", ProjectRole.MEMBER);
    private static final Caller VIEWER = InMemoryAuthenticator.user("viewer", "proj_a", ProjectRole.VIEWER);
    private static final Caller MALLORY = InMemoryAuthenticator.user("mallory", "proj_b", ProjectRole.MEMBER);

    private final GatewayFixture gateway = GatewayFixture.saying("");

    PermissionTest() {
        settings("proj_a", ModelPermissions.ALL, true, Set.of());
        settings("proj_b", ModelPermissions.ALL, true, Set.of());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void sharedAdapterIsThereForItsProjectOnly() throws InterruptedException {
        AdapterInfo shared = gateway.add("shared", "proj_a", "alice", Visibility.PROJECT);

        for (String name : List.of("shared", "base:shared", "base:" + shared.id(), shared.id(), shared.digest())) {
            assertThat(applied(BOB, name)).as(name).containsExactly(shared.id());
            assertUnknown(MALLORY, name);
            assertUnknown(Caller.platform(), name);
            assertUnknown(VIEWER, name);
        }
    }

    @Test
    void fineTunedModelAnswersUnderOpenAisNameAndIsListedUnderIt() throws InterruptedException {
        String id = "0123456789abcdef";
        AdapterInfo result = gateway.add("haiku-" + id, "proj_a", "alice", Visibility.PROJECT);
        AdapterInfo checkpoint = gateway.add("haiku-" + id + "-ckpt-step-5", "proj_a", "alice", Visibility.PROJECT);
        String name = "ft:base:org-llmfactory:haiku:" + id;

        assertThat(applied(BOB, name)).containsExactly(result.id());
        assertThat(applied(BOB, name + ":ckpt-step-5")).containsExactly(checkpoint.id());
        assertThat(new ModelCatalogue(gateway.directory).list(BOB))
                .extracting(CatalogueEntry::id)
                .contains(name, name + ":ckpt-step-5");
        assertThat(new ModelCatalogue(gateway.directory).removable(ALICE, name)).isEqualTo(result);
        assertUnknown(MALLORY, name);
        assertUnknown(BOB, "ft:other:org-llmfactory:haiku:" + id);
        assertUnknown(BOB, name + ":ckpt-step-6");
    }

    @Test
    void privateAdapterIsThereForItsOwnerOnly() throws InterruptedException {
        AdapterInfo secret = gateway.add("secret", "proj_a", "alice", Visibility.PRIVATE);

        assertThat(applied(ALICE, "secret")).containsExactly(secret.id());
        for (String name : List.of("secret", "base:secret", secret.id(), secret.digest())) {
            assertUnknown(BOB, name);
            assertUnknown(MALLORY, name);
        }
    }

    @Test
    void forbiddenAdapterInAMixIsToldAsUnknown() {
        AdapterInfo secret = gateway.add("secret", "proj_a", "alice", Visibility.PRIVATE);

        for (String name : List.of("secret", secret.id(), secret.digest())) {
            List<AdapterReference> mix = List.of(new AdapterReference(name, 1, "adapters[0].id"));
            FactoryException forbidden =
                    catchThrowableOfType(FactoryException.class, () -> gateway.models.resolve(MALLORY, "base", mix));
            gateway.adapters.remove(secret.id());
            FactoryException unknown =
                    catchThrowableOfType(FactoryException.class, () -> gateway.models.resolve(MALLORY, "base", mix));

            assertSame(forbidden, unknown);
            assertThat(unknown.parameter()).contains("adapters[0].id");
        }
    }

    @Test
    void publishedAdapterIsThereForAll() throws InterruptedException {
        AdapterInfo published = gateway.add("published", "proj_a", "alice", Visibility.PUBLIC);

        assertThat(applied(MALLORY, "published")).containsExactly(published.id());
        assertThat(applied(MALLORY, published.digest())).containsExactly(published.id());
    }

    @Test
    void projectMayOptOutOfWhatIsPublished() throws InterruptedException {
        AdapterInfo published = gateway.add("published", "proj_a", "alice", Visibility.PUBLIC);

        settings("proj_b", ModelPermissions.ALL, false, Set.of());
        assertUnknown(MALLORY, "published");
        settings("proj_b", ModelPermissions.ALL, true, Set.of(published.id()));
        assertUnknown(MALLORY, "published");
        assertUnknown(MALLORY, published.digest());
        assertThat(applied(ALICE, "published")).containsExactly(published.id());
    }

    @Test
    void ownAdapterIsMeantBeforeTheProjectsBeforeAPublishedOne() throws InterruptedException {
        AdapterInfo published = gateway.add("same", "proj_b", "mallory", Visibility.PUBLIC);
        assertThat(applied(ALICE, "same")).containsExactly(published.id());

        AdapterInfo own = gateway.add("same", "proj_a", "alice", Visibility.PRIVATE);
        assertThat(applied(ALICE, "same")).containsExactly(own.id());
        assertThat(applied(BOB, "same")).containsExactly(published.id());

        gateway.adapters.show(own.id(), Visibility.PROJECT);
        assertThat(applied(BOB, "same")).containsExactly(own.id());
        // The same content, so that one digest stands for a private, a shared and a published registration.
        assertThat(applied(BOB, own.digest())).containsExactly(own.id());
    }

    @Test
    void memberOfSeveralProjectsMixesTheirAdaptersInNone() throws InterruptedException {
        gateway.add("shared", "proj_b", "mallory", Visibility.PROJECT);
        Caller session = new Caller(
                Caller.Kind.USER,
                "both",
                "proj_a",
                ALICE.organizationRole(),
                Map.of("proj_a", ProjectRole.OWNER, "proj_b", ProjectRole.OWNER),
                Optional.empty(),
                KeyScope.UNRESTRICTED);

        assertUnknown(session, "shared");
    }

    @Test
    void modelThatTheProjectMayNotUseIsUnknown() throws InterruptedException {
        settings("proj_a", new ModelPermissions(Mode.DENY_LIST, Set.of("other")), true, Set.of());

        assertThat(gateway.models.resolve(ALICE, "base").name()).isEqualTo("base");
        assertUnknown(ALICE, "other");
        settings("proj_a", new ModelPermissions(Mode.ALLOW_LIST, Set.of("other")), true, Set.of());
        assertUnknown(ALICE, "base");
    }

    @Test
    void defaultModelIsTheOldestThatTheCallerMayUse() {
        settings("proj_a", new ModelPermissions(Mode.DENY_LIST, Set.of("base")), true, Set.of());

        // There is no engine for it, which shows that it was chosen.
        assertThat(refusal(ALICE, "")).hasMessageContaining("'other'");
        settings("proj_a", new ModelPermissions(Mode.ALLOW_LIST, Set.of()), true, Set.of());
        assertThat(refusal(ALICE, "").code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void adapterOpensNoBaseModelThatIsForbidden() {
        gateway.add("shared", "proj_a", "alice", Visibility.PROJECT);
        settings("proj_a", new ModelPermissions(Mode.DENY_LIST, Set.of("base")), true, Set.of());
        FactoryException forbidden = refusal(ALICE, "shared");
        settings("proj_a", ModelPermissions.ALL, true, Set.of());
        gateway.directory.removeModel(GatewayFixture.BASE);
        FactoryException absent = refusal(ALICE, "shared");

        assertSame(forbidden, absent);
        assertThat(forbidden.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void keyNarrowsModelsAndAdapters() throws InterruptedException {
        AdapterInfo first = gateway.add("first", "proj_a", "alice", Visibility.PROJECT);
        gateway.add("second", "proj_a", "alice", Visibility.PROJECT);
        Caller narrowed = scoped(Optional.of(Set.of("base")), Optional.of(Set.of(first.id())));

        assertThat(applied(narrowed, "first")).containsExactly(first.id());
        assertUnknown(narrowed, "second");
        assertUnknown(narrowed, "other");
    }

    @Test
    void callerOfAnUnknownProjectMayUseNothing() {
        assertUnknown(InMemoryAuthenticator.user("eve", "proj_gone", ProjectRole.OWNER), "base");
    }

    @Test
    void nothingIsAllowedWhileNobodyKnowsWhatProjectsDecided() {
        gateway.directory.unsetProjects(gateway.projects);

        FactoryException refusal = refusal(ALICE, "base");

        assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refusal.retryAfter()).isPresent();
    }

    @Test
    void forbiddenIsLookedForAsOftenAsUnknown() {
        AdapterInfo secret = gateway.add("secret", "proj_a", "alice", Visibility.PRIVATE);
        CountingRegistry counting = new CountingRegistry(gateway.adapters);
        gateway.directory.setRegistry(counting);

        refusal(MALLORY, secret.id());
        int forbidden = counting.takeLookups();
        refusal(MALLORY, "00000000-0000-0000-0000-000000000000");
        int unknown = counting.takeLookups();

        assertThat(forbidden).isEqualTo(unknown).isPositive();
    }

    private Caller scoped(Optional<Set<String>> models, Optional<Set<String>> adapters) {
        KeyScope scope = new KeyScope(
                EnumSet.of(Area.INFERENCE),
                models,
                adapters,
                List.of(),
                List.of(),
                OptionalInt.empty(),
                OptionalLong.empty());
        return new Caller(
                ALICE.kind(),
                ALICE.id(),
                ALICE.project(),
                ALICE.organizationRole(),
                ALICE.projects(),
                ALICE.apiKey(),
                scope);
    }

    private void settings(String project, ModelPermissions models, boolean publicAdapters, Set<String> hidden) {
        gateway.projects.put(new ProjectSettings(
                project,
                models,
                publicAdapters,
                hidden,
                Map.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty()));
    }

    private List<String> applied(Caller caller, String name) throws InterruptedException {
        return gateway.models.resolve(caller, name).adapters().stream()
                .map(AppliedAdapter::id)
                .toList();
    }

    private FactoryException refusal(Caller caller, String name) {
        return catchThrowableOfType(FactoryException.class, () -> gateway.models.resolve(caller, name));
    }

    /** The words for what is not there, with nothing but the name that was asked for. */
    private void assertUnknown(Caller caller, String name) {
        FactoryException refusal = refusal(caller, name);

        assertThat(refusal).as(caller.id() + " asks for " + name).isNotNull();
        assertSame(refusal, UnknownModel.of(name));
    }

    private static void assertSame(FactoryException one, FactoryException other) {
        assertThat(one.code()).isEqualTo(other.code());
        assertThat(one).hasMessage(other.getMessage());
        assertThat(one.parameter()).isEqualTo(other.parameter());
        assertThat(one.retryAfter()).isEqualTo(other.retryAfter());
    }
}
