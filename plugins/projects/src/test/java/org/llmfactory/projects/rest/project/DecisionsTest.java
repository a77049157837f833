package org.llmfactory.projects.rest.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.projects.rest.Office.PLATFORM;
import static org.llmfactory.projects.rest.Office.PROJECT;
import static org.llmfactory.projects.rest.Office.json;
import static org.llmfactory.projects.rest.Office.refused;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.RateLimit;
import org.llmfactory.projects.rest.Office;

/** Limits, budgets, permissions and settings. */
final class DecisionsTest {
    private final Office office = new Office();
    private final RateLimitsResource limits = new RateLimitsResource(office.administration);
    private final ModelPermissionsResource permissions = new ModelPermissionsResource(office.administration);
    private final BudgetResource budget = new BudgetResource(office.administration);
    private final DataRetentionResource retention = new DataRetentionResource(office.administration);
    private final SettingsResource settings = new SettingsResource(office.administration);

    @AfterEach
    void close() {
        office.close();
    }

    private ProjectSettings decided() {
        return office.platform.now().settings(PROJECT).orElseThrow();
    }

    @Test
    void everyKnownModelHasALimitAndSoHaveAllOthers() {
        office.models.bindModel(StubLocalModel.of("tiny"));
        limits.update(PLATFORM, PROJECT, "rl-absent", json("{'max_tokens_per_1_minute': 5}"));

        List<RateLimitObject> listed = limits.list(PROJECT, null, null, null).data();

        assertThat(listed).extracting(RateLimitObject::id).containsExactly("rl-*", "rl-absent", "rl-tiny");
        assertThat(listed).extracting(RateLimitObject::limited).containsExactly(false, true, false);
        assertThat(listed.get(2).maxRequests()).isEqualTo(Integer.MAX_VALUE);
        assertThat(limits.list(PROJECT, "1", "rl-*", null).data())
                .extracting(RateLimitObject::model)
                .containsExactly("absent");
    }

    @Test
    void aLimitChangesByHalvesAndIsLifted() {
        limits.update(PLATFORM, PROJECT, "rl-*", json("{'max_requests_per_1_minute': 7}"));
        limits.update(PLATFORM, PROJECT, "rl-*", json("{'max_tokens_per_1_minute': 7000}"));

        assertThat(decided().rateLimit("any")).contains(new RateLimit(7, 7000));
        assertThat(limits.lift(PLATFORM, PROJECT, "rl-*").deleted()).isTrue();
        assertThat(decided().rateLimit("any")).isEmpty();
        assertThat(office.platform.ledger.types())
                .containsExactly("rate_limit.updated", "rate_limit.updated", "rate_limit.deleted");
    }

    @Test
    void limitsAreReadStrictly() {
        refused(
                ErrorCode.INVALID_VALUE,
                "max_requests_per_1_minute",
                () -> limits.update(PLATFORM, PROJECT, "rl-tiny", json("{'max_requests_per_1_minute': 0}")));
        refused(
                ErrorCode.UNSUPPORTED_PARAMETER,
                "max_images_per_1_minute",
                () -> limits.update(PLATFORM, PROJECT, "rl-tiny", json("{'max_images_per_1_minute': 1}")));
        refused(ErrorCode.MISSING_PARAMETER, () -> limits.update(PLATFORM, PROJECT, "rl-tiny", json("{}")));
        refused(ErrorCode.NOT_FOUND, () -> limits.update(PLATFORM, PROJECT, "tiny", json("{}")));
    }

    @Test
    void modelsArePermittedAndOpenAgain() {
        permissions.update(PLATFORM, PROJECT, json("{'mode': 'allow_list', 'model_ids': ['b', 'a']}"));

        assertThat(permissions.get(PROJECT).modelIds()).containsExactly("a", "b");
        assertThat(decided().models().allows("c")).isFalse();
        permissions.lift(PLATFORM, PROJECT);
        assertThat(decided().models().allows("c")).isTrue();
        refused(
                ErrorCode.INVALID_VALUE,
                "mode",
                () -> permissions.update(PLATFORM, PROJECT, json("{'mode': 'some', 'model_ids': []}")));
        refused(
                ErrorCode.MISSING_PARAMETER,
                "model_ids",
                () -> permissions.update(PLATFORM, PROJECT, json("{'mode': 'deny_list'}")));
    }

    @Test
    void aBudgetIsSetShownAndLifted() {
        assertThat(budget.get(PROJECT).tokens()).isNull();

        BudgetResource.BudgetObject set = budget.update(PLATFORM, PROJECT, json("{'tokens': 5000, 'period': 'day'}"));

        assertThat(set.used()).isZero();
        assertThat(set.endsAt()).isNotNull();
        assertThat(decided().budget()).contains(new Budget(5000, Budget.Period.DAY));
        budget.lift(PLATFORM, PROJECT);
        assertThat(decided().budget()).isEmpty();
        assertThat(office.platform.ledger.types()).containsExactly("budget.updated", "budget.updated");
        refused(ErrorCode.MISSING_PARAMETER, "tokens", () -> budget.update(PLATFORM, PROJECT, json("{}")));
    }

    @Test
    void settingsChangeOneByOneAndNullTakesBack() {
        settings.update(
                PLATFORM,
                PROJECT,
                json("{'content_policy': 'strict', 'store_prompts': true, 'chat_retention_seconds': 60,"
                        + " 'max_concurrent': 4, 'public_adapters': false, 'hidden_adapters': ['a']}"));
        settings.update(PLATFORM, PROJECT, json("{'content_policy': null, 'max_concurrent': null}"));

        ProjectSettings now = decided();
        assertThat(now.contentPolicy()).isEmpty();
        assertThat(now.maxConcurrent()).isEmpty();
        assertThat(now.storePrompts()).isTrue();
        assertThat(now.publicAdapters()).isFalse();
        assertThat(now.hiddenAdapters()).containsExactly("a");
        assertThat(now.chatRetention()).isEqualTo(Optional.of(Duration.ofMinutes(1)));
        settings.update(PLATFORM, PROJECT, json("{}"));
        assertThat(office.platform.ledger.types()).containsExactly("project.updated", "project.updated");
    }

    @Test
    void aProjectsOwnerDecidesAllButWhatItMayConsume() {
        SecurityContext owner = office.member("ow", ProjectRole.OWNER);

        settings.update(owner, PROJECT, json("{'store_prompts': true}"));
        refused(ErrorCode.PERMISSION_DENIED, () -> settings.update(owner, PROJECT, json("{'max_concurrent': 100}")));
        assertThat(decided().storePrompts()).isTrue();
    }

    @Test
    void zeroRetentionKeepsNothing() {
        settings.update(PLATFORM, PROJECT, json("{'store_prompts': true}"));

        assertThat(retention
                        .update(PLATFORM, PROJECT, json("{'retention_type': 'zero_data_retention'}"))
                        .type())
                .isEqualTo("zero_data_retention");

        assertThat(decided().storePrompts()).isFalse();
        assertThat(decided().chatRetention()).contains(Duration.ZERO);
        assertThat(retention
                        .update(PLATFORM, PROJECT, json("{'retention_type': 'none'}"))
                        .type())
                .isEqualTo("organization_default");
        refused(
                ErrorCode.UNSUPPORTED_PARAMETER,
                "retention_type",
                () -> retention.update(PLATFORM, PROJECT, json("{'retention_type': 'modified_abuse_monitoring'}")));
    }
}
