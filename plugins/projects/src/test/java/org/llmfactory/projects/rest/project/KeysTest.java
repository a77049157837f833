package org.llmfactory.projects.rest.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.projects.rest.Office.PLATFORM;
import static org.llmfactory.projects.rest.Office.PROJECT;
import static org.llmfactory.projects.rest.Office.holder;
import static org.llmfactory.projects.rest.Office.id;
import static org.llmfactory.projects.rest.Office.json;
import static org.llmfactory.projects.rest.Office.refused;
import static org.llmfactory.projects.rest.Office.scope;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Office;

/** Keys of people and service accounts, and that nobody gets more by them than he has. */
final class KeysTest {
    private final Office office = new Office();
    private final ProjectKeysResource keys = new ProjectKeysResource(office.administration);
    private final ServiceAccountsResource accounts = new ServiceAccountsResource(office.administration);
    private final ServiceAccountKeysResource accountKeys = new ServiceAccountKeysResource(office.administration);

    @AfterEach
    void close() {
        office.close();
    }

    @Test
    void aMemberMakesAKeyOfHisOwnAndIsToldItsSecretOnce() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);

        ProjectKeyObject key = keys.create(
                ada,
                PROJECT,
                json("{'name': 'ci', 'areas': ['inference'], 'models': ['tiny'], 'addresses': ['10.0.0.0/8'],"
                        + " 'requests_per_minute': 60, 'tokens_per_minute': 1000, 'expires_in_seconds': 60}"));

        assertThat(key.value()).startsWith("sk-proj-");
        assertThat(key.toString()).doesNotContain(String.valueOf(key.value()));
        assertThat(key.kind()).isEqualTo("user");
        assertThat(key.scope().areas()).containsExactly("inference");
        assertThat(key.scope().models()).containsExactly("tiny");
        assertThat(key.scope().requestsPerMinute()).isEqualTo(60);
        assertThat(key.expiresAt()).isNotNull();
        assertThat(keys.get(ada, PROJECT, key.id()).value()).isNull();
        assertThat(keys.list(ada, PROJECT, null, null).data()).allMatch(listed -> listed.value() == null);
    }

    @Test
    void aViewerMakesNone() {
        SecurityContext viewer = office.member("vi", ProjectRole.VIEWER);

        refused(ErrorCode.PERMISSION_DENIED, () -> keys.create(viewer, PROJECT, json("{'name': 'ci'}")));
    }

    @Test
    void anOutsiderLearnsNothing() {
        office.platform.project("proj_other");
        SecurityContext ada = office.member("ada", ProjectRole.OWNER);

        refused(ErrorCode.NOT_FOUND, () -> keys.create(ada, "proj_other", json("{'name': 'ci'}")));
        refused(ErrorCode.NOT_FOUND, () -> keys.create(ada, "proj_none", json("{'name': 'ci'}")));
    }

    @Test
    void membersSeeTheirOwnKeysAndMaintainersAll() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        SecurityContext bob = office.member("bob", ProjectRole.MEMBER);
        String key = keys.create(ada, PROJECT, json("{'name': 'ci'}")).id();

        assertThat(keys.list(bob, PROJECT, null, null).data()).isEmpty();
        refused(ErrorCode.PERMISSION_DENIED, () -> keys.get(bob, PROJECT, key));
        assertThat(keys.list(office.member("mo", ProjectRole.MAINTAINER), PROJECT, null, null)
                        .data())
                .hasSize(1);
        refused(ErrorCode.NOT_FOUND, () -> keys.get(bob, "proj_none", key));
    }

    @Test
    void ownersRevokeEverybodysKeysAndMembersTheirOwn() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        SecurityContext bob = office.member("bob", ProjectRole.MEMBER);
        String first = keys.create(ada, PROJECT, json("{'name': 'one'}")).id();
        String second = keys.create(ada, PROJECT, json("{'name': 'two'}")).id();

        refused(ErrorCode.PERMISSION_DENIED, () -> keys.revoke(bob, PROJECT, first));
        assertThat(keys.revoke(ada, PROJECT, first).deleted()).isTrue();
        assertThat(keys.revoke(office.member("ow", ProjectRole.OWNER), PROJECT, second)
                        .deleted())
                .isTrue();
        refused(ErrorCode.NOT_FOUND, () -> keys.revoke(ada, PROJECT, first));
    }

    @Test
    void onlyItsOwnerIsGivenAKeysNewSecret() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        String key = keys.create(ada, PROJECT, json("{'name': 'ci'}")).id();

        refused(
                ErrorCode.PERMISSION_DENIED,
                () -> keys.rotate(office.member("ow", ProjectRole.OWNER), PROJECT, key, json("{}")));
        refused(ErrorCode.PERMISSION_DENIED, () -> keys.rotate(PLATFORM, PROJECT, key, json("{}")));
        assertThat(keys.rotate(ada, PROJECT, key, json("{'overlap_seconds': 60}"))
                        .value())
                .startsWith("sk-proj-");
        refused(
                ErrorCode.INVALID_VALUE,
                "overlap_seconds",
                () -> keys.rotate(ada, PROJECT, key, json("{'overlap_seconds': -1}")));
    }

    @Test
    void aNarrowKeyMakesNoWiderOne() {
        KeyScope narrow = scope(List.of(Area.ADMINISTRATION, Area.INFERENCE), List.of("tiny"));
        SecurityContext ada = holder("user-ada", ProjectRole.OWNER, Optional.of("key_x"), narrow);

        refused(
                ErrorCode.PERMISSION_DENIED,
                () -> keys.create(ada, PROJECT, json("{'name': 'k', 'areas': ['platform']}")));
        refused(
                ErrorCode.PERMISSION_DENIED,
                () -> keys.create(ada, PROJECT, json("{'name': 'k', 'models': ['tiny', 'large']}")));
        ProjectKeyObject same = keys.create(ada, PROJECT, json("{'name': 'k'}"));
        assertThat(same.scope().areas()).containsExactly("administration", "inference");
        assertThat(same.scope().models()).containsExactly("tiny");
        assertThat(accounts.create(ada, PROJECT, json("{'name': 'crawler'}")).apiKey())
                .isNotNull();
        assertThat(office.platform.keys.list(Optional.of(PROJECT)))
                .allMatch(key -> key.scope().models().isPresent());
    }

    @Test
    void aNarrowKeyGetsNoSecretOfAWiderOne() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        String wide = keys.create(ada, PROJECT, json("{'name': 'wide'}")).id();
        String narrow = keys.create(ada, PROJECT, json("{'name': 'narrow', 'models': ['tiny']}"))
                .id();
        KeyScope scope = office.platform.keys.find(narrow).orElseThrow().scope();
        SecurityContext holder = holder(id(ada), ProjectRole.MEMBER, Optional.of(narrow), scope);

        refused(ErrorCode.PERMISSION_DENIED, () -> keys.rotate(holder, PROJECT, wide, json("{}")));
        assertThat(keys.rotate(holder, PROJECT, narrow, json("{}")).id()).isEqualTo(narrow);
    }

    @Test
    void aKeyWithLimitsOfItsOwnMakesNoOthers() {
        KeyScope open = KeyScope.UNRESTRICTED;
        KeyScope limited = new KeyScope(
                open.areas(),
                open.models(),
                open.adapters(),
                open.addresses(),
                open.origins(),
                OptionalInt.of(5),
                open.tokensPerMinute());

        refused(
                ErrorCode.PERMISSION_DENIED,
                () -> keys.create(
                        holder("user-ada", ProjectRole.OWNER, Optional.of("key_x"), limited),
                        PROJECT,
                        json("{'name': 'k'}")));
    }

    @Test
    void aKeyOutlivesTheOneItWasMadeWithNot() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);
        ProjectKeyObject brief = keys.create(ada, PROJECT, json("{'name': 'brief', 'expires_in_seconds': 60}"));
        SecurityContext holder = holder(id(ada), ProjectRole.MEMBER, Optional.of(brief.id()), KeyScope.UNRESTRICTED);

        refused(
                ErrorCode.PERMISSION_DENIED,
                () -> keys.create(holder, PROJECT, json("{'name': 'k', 'expires_in_seconds': 3600}")));
        assertThat(keys.create(holder, PROJECT, json("{'name': 'k'}")).expiresAt())
                .isEqualTo(brief.expiresAt());
    }

    @Test
    void aPublishableKeyIsBoundToOriginsAndOpensInferenceAlone() {
        SecurityContext ada = office.member("ada", ProjectRole.MEMBER);

        ProjectKeyObject key = keys.create(
                ada, PROJECT, json("{'name': 'w', 'publishable': true, 'origins': ['https://example.org']}"));

        assertThat(key.value()).startsWith("pk-");
        assertThat(key.scope().areas()).containsExactly("inference");
        refused(
                ErrorCode.MISSING_PARAMETER,
                "origins",
                () -> keys.create(ada, PROJECT, json("{'name': 'w', 'publishable': true}")));
        refused(
                ErrorCode.INVALID_VALUE,
                "origins",
                () -> keys.create(ada, PROJECT, json("{'name': 'w', 'origins': ['https://example.org']}")));
        refused(
                ErrorCode.INVALID_VALUE,
                "areas",
                () -> keys.create(
                        ada,
                        PROJECT,
                        json("{'name': 'w', 'publishable': true, 'origins': ['https://a.b'], 'areas': ['data']}")));
        refused(
                ErrorCode.INVALID_VALUE,
                "areas",
                () -> keys.create(ada, PROJECT, json("{'name': 'w', 'areas': ['everything']}")));
    }

    @Test
    void aServiceAccountComesWithAKeyAndGoesWithAllOfThem() {
        SecurityContext mo = office.member("mo", ProjectRole.MAINTAINER);
        ServiceAccountObject made = accounts.create(mo, PROJECT, json("{'name': 'crawler'}"));
        ServiceAccountKeyObject more =
                accountKeys.create(mo, PROJECT, made.id(), json("{'name': 'second', 'areas': ['inference']}"));

        assertThat(made.role()).isEqualTo("member");
        assertThat(made.apiKey()).isNotNull();
        assertThat(office.directory.memberships(made.id())).containsEntry(PROJECT, ProjectRole.MEMBER);
        assertThat(accounts.get(PROJECT, made.id()).apiKey()).isNull();
        refused(ErrorCode.PERMISSION_DENIED, () -> keys.revoke(mo, PROJECT, more.id()));
        refused(ErrorCode.INVALID_REQUEST, () -> keys.revoke(PLATFORM, PROJECT, more.id()));
        assertThat(accountKeys.revoke(mo, PROJECT, made.id(), more.id()).deleted())
                .isTrue();
        assertThat(office.platform.keys.list(Optional.of(PROJECT))).hasSize(1);

        accounts.delete(mo, PROJECT, made.id());
        assertThat(office.platform.keys.list(Optional.of(PROJECT))).isEmpty();
        assertThat(office.directory.memberships(made.id())).isEmpty();
        refused(ErrorCode.NOT_FOUND, () -> accounts.get(PROJECT, made.id()));
    }

    @Test
    void aMaintainerMakesAndTouchesNoOwner() {
        SecurityContext mo = office.member("mo", ProjectRole.MAINTAINER);
        SecurityContext ow = office.member("ow", ProjectRole.OWNER);
        ServiceAccountObject made = accounts.create(mo, PROJECT, json("{'name': 'crawler', 'role': 'viewer'}"));
        assertThat(made.role()).isEqualTo("none");
        String key = made.apiKey() == null ? "" : made.apiKey().id();

        refused(
                ErrorCode.INVALID_VALUE,
                "role",
                () -> accounts.create(ow, PROJECT, json("{'name': 'boss', 'role': 'owner'}")));
        refused(ErrorCode.PERMISSION_DENIED, () -> accounts.update(mo, PROJECT, made.id(), json("{'role': 'owner'}")));
        assertThat(accounts.update(ow, PROJECT, made.id(), json("{'role': 'owner'}"))
                        .role())
                .isEqualTo("owner");
        refused(ErrorCode.PERMISSION_DENIED, () -> accountKeys.create(mo, PROJECT, made.id(), json("{}")));
        refused(ErrorCode.PERMISSION_DENIED, () -> keys.rotate(mo, PROJECT, key, json("{}")));
        refused(ErrorCode.PERMISSION_DENIED, () -> accounts.update(mo, PROJECT, made.id(), json("{'role': 'member'}")));
        refused(ErrorCode.PERMISSION_DENIED, () -> accounts.delete(mo, PROJECT, made.id()));
        assertThat(keys.rotate(ow, PROJECT, key, json("{}")).value()).isNotNull();
    }

    @Test
    void anotherProjectsAccountsAndKeysAreUnknown() {
        office.platform.project("proj_other");
        ServiceAccountObject made = accounts.create(PLATFORM, "proj_other", json("{'name': 'crawler'}"));
        SecurityContext ow = office.member("ow", ProjectRole.OWNER);
        String key = made.apiKey() == null ? "" : made.apiKey().id();

        refused(ErrorCode.NOT_FOUND, () -> accounts.get(PROJECT, made.id()));
        refused(ErrorCode.NOT_FOUND, () -> accounts.delete(ow, PROJECT, made.id()));
        refused(ErrorCode.NOT_FOUND, () -> accountKeys.create(ow, PROJECT, made.id(), json("{}")));
        refused(ErrorCode.NOT_FOUND, () -> keys.get(ow, PROJECT, key));
        refused(ErrorCode.NOT_FOUND, () -> keys.rotate(ow, PROJECT, key, json("{}")));
    }
}
