package org.llmfactory.projects.rest.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.projects.rest.Office.PLATFORM;
import static org.llmfactory.projects.rest.Office.json;
import static org.llmfactory.projects.rest.Office.refused;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Office;

final class PresetsResourceTest {
    private final Office office = new Office();
    private final PresetsResource presets = new PresetsResource(office.administration);
    private final PresetResource preset = new PresetResource(office.administration);
    private final SecurityContext ada = office.member("ada", ProjectRole.MEMBER);

    @AfterEach
    void close() {
        office.close();
    }

    private SecurityContext outsider() {
        if (office.platform.now().project("proj_other").isEmpty()) {
            office.platform.project("proj_other");
        }
        return Office.as(new Caller(
                Caller.Kind.USER,
                "user-eve",
                "proj_other",
                OrganizationRole.READER,
                Map.of("proj_other", ProjectRole.OWNER),
                Optional.empty(),
                KeyScope.UNRESTRICTED));
    }

    @Test
    void aPresetIsMadeAndFoundByNameAndId() {
        PresetObject made = presets.create(
                ada,
                json("{'name': 'triage', 'base': 'tiny', 'adapters': [{'id': 'a', 'weight': -0.5}, {'id': 'b'}],"
                        + " 'system': 'Be brief.', 'parameters': {'temperature': 0.2, 'stop': 'x', 'seed': 7}}"));

        assertThat(made.version()).isEqualTo(1);
        assertThat(made.visibility()).isEqualTo("project");
        assertThat(made.adapters()).containsExactly(new PresetObject.Part("a", -0.5f), new PresetObject.Part("b", 1));
        assertThat(preset.get(ada, "triage").parameters())
                .containsEntry("temperature", 0.2)
                .containsEntry("stop", List.of("x"));
        assertThat(preset.get(ada, made.id()).system()).isEqualTo("Be brief.");
        assertThat(presets.list(ada, null, null).data()).hasSize(1);
        assertThat(office.platform.ledger.types()).containsExactly("preset.created");
    }

    @Test
    void aChangeMakesTheNextVersionAndKeepsTheRest() {
        presets.create(ada, json("{'name': 'triage', 'base': 'tiny', 'system': 'Be brief.'}"));

        PresetObject second = preset.update(ada, "triage", json("{'parameters': {'temperature': 1}}"));
        PresetObject third = preset.update(ada, "triage", json("{'system': null}"));

        assertThat(second.version()).isEqualTo(2);
        assertThat(second.system()).isEqualTo("Be brief.");
        assertThat(third.system()).isNull();
        assertThat(third.parameters()).containsEntry("temperature", 1.0);
        assertThat(preset.get(ada, "triage@1").parameters()).isEmpty();
        assertThat(preset.version(ada, "triage", "2").version()).isEqualTo(2);
        assertThat(preset.versions(ada, "triage", null, null).data()).hasSize(3);
        refused(ErrorCode.MODEL_NOT_FOUND, () -> preset.get(ada, "triage@4"));
        refused(ErrorCode.INVALID_VALUE, "name", () -> preset.update(ada, "triage", json("{'name': 'other'}")));
    }

    @Test
    void membersChangeTheirOwnAndMaintainersEverybodys() {
        presets.create(ada, json("{'name': 'triage', 'base': 'tiny'}"));
        SecurityContext bob = office.member("bob", ProjectRole.MEMBER);
        SecurityContext mo = office.member("mo", ProjectRole.MAINTAINER);

        refused(ErrorCode.PERMISSION_DENIED, () -> preset.update(bob, "triage", json("{'base': 'big'}")));
        refused(ErrorCode.PERMISSION_DENIED, () -> preset.delete(bob, "triage"));
        assertThat(preset.update(mo, "triage", json("{'base': 'big'}")).owner()).isEqualTo(Office.id(ada));
        assertThat(preset.delete(mo, "triage").deleted()).isTrue();
        refused(ErrorCode.MODEL_NOT_FOUND, () -> preset.get(ada, "triage"));
    }

    @Test
    void aViewerReadsAndMakesNone() {
        presets.create(ada, json("{'name': 'triage', 'base': 'tiny'}"));
        SecurityContext viewer = office.member("vi", ProjectRole.VIEWER);

        assertThat(preset.get(viewer, "triage").name()).isEqualTo("triage");
        refused(ErrorCode.PERMISSION_DENIED, () -> presets.create(viewer, json("{'name': 'x', 'base': 'tiny'}")));
    }

    @Test
    void aPrivatePresetIsSeenByNobodyElseNotEvenAdministrators() {
        String made = presets.create(ada, json("{'name': 'mine', 'base': 'tiny', 'visibility': 'private'}"))
                .id();

        for (SecurityContext other : List.of(office.member("ow", ProjectRole.OWNER), PLATFORM, outsider())) {
            assertThat(presets.list(other, null, null).data()).isEmpty();
            refused(ErrorCode.MODEL_NOT_FOUND, () -> preset.get(other, made));
            refused(ErrorCode.MODEL_NOT_FOUND, () -> preset.versions(other, made, null, null));
            refused(ErrorCode.MODEL_NOT_FOUND, () -> preset.delete(other, made));
        }
    }

    @Test
    void onlyAdministratorsPublishAndChangeWhatIsPublished() {
        refused(
                ErrorCode.PERMISSION_DENIED,
                () -> presets.create(ada, json("{'name': 'a', 'base': 'tiny', 'visibility': 'public'}")));
        presets.create(ada, json("{'name': 'triage', 'base': 'tiny'}"));
        refused(ErrorCode.PERMISSION_DENIED, () -> preset.update(ada, "triage", json("{'visibility': 'public'}")));

        PresetObject published = preset.update(PLATFORM, "triage", json("{'visibility': 'public'}"));

        assertThat(published.version()).isEqualTo(1);
        assertThat(preset.get(outsider(), "triage").id()).isEqualTo(published.id());
        refused(ErrorCode.PERMISSION_DENIED, () -> preset.update(ada, "triage", json("{'base': 'evil'}")));
        refused(ErrorCode.PERMISSION_DENIED, () -> preset.update(outsider(), "triage", json("{'base': 'evil'}")));
        preset.update(ada, "triage", json("{'visibility': 'project'}"));
        refused(ErrorCode.MODEL_NOT_FOUND, () -> preset.get(outsider(), "triage"));
    }

    @Test
    void namesAreUniqueInAProject() {
        presets.create(ada, json("{'name': 'triage', 'base': 'tiny'}"));

        refused(ErrorCode.CONFLICT, () -> presets.create(ada, json("{'name': 'triage', 'base': 'tiny'}")));
        assertThat(presets.create(outsider(), json("{'name': 'triage', 'base': 'tiny'}"))
                        .project())
                .isEqualTo("proj_other");
    }

    @Test
    void presetsAreReadStrictly() {
        refused(ErrorCode.MISSING_PARAMETER, "name", () -> presets.create(ada, json("{'base': 'tiny'}")));
        refused(ErrorCode.MISSING_PARAMETER, "base", () -> presets.create(ada, json("{'name': 'a'}")));
        for (String name : List.of("", "A", "-a", "a b", "a/b", "a@1", "../x", "x".repeat(65))) {
            refused(
                    ErrorCode.INVALID_VALUE,
                    "name",
                    () -> presets.create(ada, json("{'base': 'tiny'}").put("name", name)));
        }
        invalid("parameters.temperature", "{'temperature': 3}");
        invalid("parameters.max_tokens", "{'max_tokens': 0}");
        invalid("parameters.stop", "{'stop': ['a', 'b', 'c', 'd', 'e']}");
        refused(
                ErrorCode.UNSUPPORTED_PARAMETER,
                "parameters.logit_bias",
                () -> presets.create(ada, json("{'name': 'a', 'base': 't', 'parameters': {'logit_bias': {}}}")));
        refused(
                ErrorCode.INVALID_TYPE,
                "adapters[0].weight",
                () -> presets.create(
                        ada, json("{'name': 'a', 'base': 't', 'adapters': [{'id': 'x', 'weight': '1'}]}")));
    }

    private void invalid(String parameter, String parameters) {
        refused(
                ErrorCode.INVALID_VALUE,
                parameter,
                () -> presets.create(ada, json("{'name': 'a', 'base': 't', 'parameters': " + parameters + "}")));
    }

    @Test
    void changesAtTheSameTimeMakeVersionsOfTheirOwn() throws Exception {
        presets.create(ada, json("{'name': 'triage', 'base': 'tiny'}"));
        ExecutorService people = Executors.newFixedThreadPool(6);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<PresetObject>> changes = IntStream.range(0, 6)
                    .mapToObj(i -> people.submit(() -> {
                        start.await();
                        return preset.update(ada, "triage", json("{'base': 'b" + i + "'}"));
                    }))
                    .toList();
            start.countDown();
            for (Future<PresetObject> change : changes) {
                assertThat(change.get(60, TimeUnit.SECONDS).version()).isBetween(2, 7);
            }
        } finally {
            people.shutdownNow();
        }

        assertThat(preset.versions(ada, "triage", null, null).data())
                .extracting(PresetObject::version)
                .containsExactly(1, 2, 3, 4, 5, 6, 7);
    }
}
