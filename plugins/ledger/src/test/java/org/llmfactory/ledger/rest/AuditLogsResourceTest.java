package org.llmfactory.ledger.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.llmfactory.ledger.rest.TestCallers.query;
import static org.llmfactory.ledger.rest.TestCallers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.ObjectMappers;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.models.admin.organization.auditlogs.AuditLogListPageResponse;
import com.openai.models.admin.organization.auditlogs.AuditLogListResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryDirectory;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.database.Database;
import org.llmfactory.ledger.chain.EventTypes;
import org.llmfactory.ledger.journal.TestLedger;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.Pagination.Page;

class AuditLogsResourceTest {
    private static final Caller OWNER = Caller.platform();
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.890Z");
    private static final long SECOND = NOW.getEpochSecond();

    @TempDir
    Path home;

    private final Names names = new Names();
    private TestLedger test;
    private AuditLogsResource resource;

    @BeforeEach
    void open() {
        test = new TestLedger(database(), home, Clock.fixed(NOW, ZoneOffset.UTC));
        resource = new AuditLogsResource(test.tables(), names);
    }

    Database database() {
        return TestLedger.memory();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void entriesComeNewestFirstInPages() {
        List<String> recorded = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            recorded.add(0, record("project.created", "proj_a"));
        }

        Page<ObjectNode> first = resource.list(query("limit", "2"), OWNER);
        Page<ObjectNode> second = resource.list(query("limit", "2", "after", recorded.get(1)), OWNER);
        Page<ObjectNode> third = resource.list(query("limit", "2", "after", recorded.get(3)), OWNER);
        Page<ObjectNode> back = resource.list(query("limit", "2", "before", recorded.get(4)), OWNER);

        assertThat(ids(first)).containsExactlyElementsOf(recorded.subList(0, 2));
        assertThat(first.firstId()).isEqualTo(recorded.get(0));
        assertThat(first.lastId()).isEqualTo(recorded.get(1));
        assertThat(first.hasMore()).isTrue();
        assertThat(ids(second)).containsExactlyElementsOf(recorded.subList(2, 4));
        assertThat(ids(third)).containsExactly(recorded.get(4));
        assertThat(third.hasMore()).isFalse();
        assertThat(ids(back)).containsExactlyElementsOf(recorded.subList(2, 4));
        assertThat(back.hasMore()).isTrue();
    }

    @Test
    void listWithoutEntriesIsEmpty() {
        Page<ObjectNode> page = resource.list(query(), OWNER);

        assertThat(page.data()).isEmpty();
        assertThat(page.firstId()).isNull();
        assertThat(page.hasMore()).isFalse();
    }

    @Test
    void cursorThatIsNoEntryIsRefused() {
        assertThatThrownBy(() -> resource.list(query("after", "audit_log-0"), OWNER))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("'after'");
    }

    @ParameterizedTest
    @CsvSource({
        "gt, -1, true", "gt, 0, false",
        "gte, 0, true", "gte, 1, false",
        "lt, 1, true", "lt, 0, false",
        "lte, 0, true", "lte, -1, false"
    })
    void effectiveAtIsComparedInWholeSeconds(String comparison, long difference, boolean found) {
        record("project.created", "proj_a");

        Page<ObjectNode> page =
                resource.list(query("effective_at[" + comparison + "]", Long.toString(SECOND + difference)), OWNER);

        assertThat(page.data()).hasSize(found ? 1 : 0);
    }

    @Test
    void everyFilterNarrows() {
        Actor actor = new Actor(Actor.Kind.SESSION, "user-7", Optional.empty(), "127.0.0.1");
        String wanted = test.flushed().record(AuditEvent.of("project.updated", actor, Optional.of("proj_b"), "res_9"));
        String other = record("project.created", "proj_a");

        assertThat(ids(resource.list(query("project_ids[]", "proj_b"), OWNER))).containsExactly(wanted);
        assertThat(ids(resource.list(query("event_types[]", "project.updated"), OWNER)))
                .containsExactly(wanted);
        assertThat(ids(resource.list(query("actor_ids[]", "user-7"), OWNER))).containsExactly(wanted);
        assertThat(ids(resource.list(query("actor_ids[]", "key_1"), OWNER))).containsExactly(other);
        assertThat(ids(resource.list(query("resource_ids[]", "res_9"), OWNER))).containsExactly(wanted);
        assertThat(ids(resource.list(query("resource_ids", "res_9"), OWNER))).containsExactly(wanted);
        assertThat(ids(resource.list(query("resource_ids[]", "' OR 1=1 --"), OWNER)))
                .isEmpty();
        assertThat(ids(resource.list(query("project_ids[]", "proj_a", "project_ids[]", "proj_b"), OWNER)))
                .containsExactly(other, wanted);
    }

    @Test
    void actorsAreFoundByTheirAddresses() {
        InMemoryDirectory directory = new InMemoryDirectory();
        directory.add("user-1", "ann@example.org", OrganizationRole.READER);
        names.directory = directory;
        String wanted = record("project.created", "proj_a");

        Page<ObjectNode> found = resource.list(query("actor_emails[]", "ANN@example.org"), OWNER);

        assertThat(ids(found)).containsExactly(wanted);
        assertThat(found.data().get(0).at("/actor/api_key/user/email").asText()).isEqualTo("ann@example.org");
        assertThat(ids(resource.list(query("actor_emails[]", "bob@example.org"), OWNER)))
                .isEmpty();
        assertThat(ids(resource.list(query("actor_emails[]", "ann@example.org", "actor_ids[]", "user-2"), OWNER)))
                .isEmpty();
    }

    @Test
    void ownersOfAProjectSeeItsEntriesOnly() {
        Caller owner = user("user-1", Map.of("proj_a", ProjectRole.OWNER, "proj_b", ProjectRole.MEMBER));
        String own = record("project.created", "proj_a");
        String others = record("project.created", "proj_b");
        test.flushed()
                .record(new AuditEvent(
                        "organization.updated", Actor.system(), Optional.empty(), Optional.empty(), Map.of()));

        assertThat(ids(resource.list(query(), owner))).containsExactly(own);
        assertThat(ids(resource.list(query("project_ids[]", "proj_b"), owner))).isEmpty();
        assertThatThrownBy(() -> resource.list(query("after", others), owner)).isInstanceOf(FactoryException.class);
        assertThat(ids(resource.list(query(), OWNER))).hasSize(3);
    }

    @Test
    void membersSeeNothing() {
        record("project.created", "proj_a");

        assertThat(ids(resource.list(query(), user("user-1", Map.of("proj_a", ProjectRole.MAINTAINER)))))
                .isEmpty();
    }

    @Test
    void typesThatOpenAiDoesNotKnowComeOnlyWhenAskedFor() {
        String standard = record("project.created", "proj_a");
        String ours = record("model.request", "proj_a");

        assertThat(ids(resource.list(query(), OWNER))).containsExactly(standard);
        assertThat(ids(resource.list(query("event_types[]", "model.request"), OWNER)))
                .containsExactly(ours);
        assertThat(ids(resource.list(query("include_extensions", "true"), OWNER)))
                .containsExactly(ours, standard);
    }

    @Test
    void openAiClientTakesEveryStandardTypeAndKindOfActor() throws Exception {
        EventTypes.standard().forEach(type -> record(type, "proj_a"));
        for (Actor actor : List.of(
                Actor.system(),
                Actor.anonymous("someone@example.org", "::1"),
                new Actor(Actor.Kind.SESSION, "user-1", Optional.empty(), "127.0.0.1"),
                new Actor(Actor.Kind.API_KEY, "svc_acct_1", Optional.of("key_1"), "127.0.0.1"),
                new Actor(Actor.Kind.API_KEY, "admin", Optional.empty(), "127.0.0.1"))) {
            test.flushed().record(AuditEvent.of("login.failed", actor, Optional.empty(), "user-1"));
        }

        AuditLogListPageResponse page = asOpenAi(resource.list(query("limit", "100"), OWNER));

        assertThat(page.validate().data()).hasSize(EventTypes.standard().size() + 5);
        AuditLogListResponse serviceAccount = page.data().get(1);
        assertThat(serviceAccount
                        .actor()
                        .orElseThrow()
                        .apiKey()
                        .orElseThrow()
                        .serviceAccount()
                        .orElseThrow()
                        .id())
                .contains("svc_acct_1");
        assertThat(serviceAccount.effectiveAt()).isEqualTo(SECOND);
    }

    @Test
    void openAiClientRefusesTypesOfOurs() throws Exception {
        record("model.request", "proj_a");

        AuditLogListPageResponse page = asOpenAi(resource.list(query("include_extensions", "true"), OWNER));

        assertThatThrownBy(page::validate).isInstanceOf(OpenAIInvalidDataException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "project.created, data",
        "project.updated, changes_requested",
        "preset.created, data",
        "preset.updated, changes_requested"
    })
    void detailsStandWhereOpenAiHasThem(String type, String field) {
        record(type, "proj_a");

        JsonNode entry =
                resource.list(query("include_extensions", "true"), OWNER).data().get(0);

        assertThat(entry.get(type).get("id").asText()).isEqualTo("res_1");
        assertThat(entry.get(type).get(field).get("name").asText()).isEqualTo("x");
        assertThat(entry.get("project").get("id").asText()).isEqualTo("proj_a");
    }

    @Test
    void exportHasEveryEntryWithItsHashAndIsEnteredItself() throws Exception {
        String first = record("project.created", "proj_a");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new AuditExportResource(test.tables(), test.flushed())
                .export(OWNER, Actor.of(OWNER, "127.0.0.1"))
                .write(out);

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        JsonNode line = Json.MAPPER.readTree(lines.get(0));
        assertThat(lines).hasSize(2);
        assertThat(line.get("id").asText()).isEqualTo(first);
        assertThat(line.get("sequence").asLong()).isEqualTo(1);
        assertThat(line.get("previous").asText()).isEqualTo("0".repeat(64));
        assertThat(line.get("hash").asText())
                .isEqualTo(Json.MAPPER.readTree(lines.get(1)).get("previous").asText());
        assertThat(Json.MAPPER.readTree(line.get("entry").asText()).get("type").asText())
                .isEqualTo("project.created");
        assertThat(lines.get(1)).contains("audit_log.exported");
    }

    @Test
    void exportOfAProjectsOwnerHasHisProjectOnly() throws Exception {
        Caller owner = user("user-1", Map.of("proj_a", ProjectRole.OWNER));
        record("project.created", "proj_a");
        record("project.created", "proj_b");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new AuditExportResource(test.tables(), test.flushed())
                .export(owner, Actor.of(owner, ""))
                .write(out);

        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(2).noneMatch(line -> line.contains("proj_b"));
    }

    @Test
    void checkOfTheChainIsForOwnersOfTheOrganization() throws Exception {
        record("project.created", "proj_a");
        AuditVerifyResource verify = new AuditVerifyResource(test.store(), Set.of());

        AuditVerifyResource.Report report = verify.verify(OWNER);

        assertThat(report.valid()).isTrue();
        assertThat(report.entries()).isEqualTo(1);
        assertThat(report.chains())
                .containsExactly(new AuditVerifyResource.Chain(test.store().chain(), "whole", 1, 1));
        assertThatThrownBy(() -> verify.verify(user("user-1", Map.of("proj_a", ProjectRole.OWNER))))
                .isInstanceOf(FactoryException.class);
    }

    @Test
    void findingsOfTheCheckAreTold() throws Exception {
        String id = record("project.created", "proj_a");
        test.tables().useHandle(handle -> handle.execute("UPDATE audit_entry SET actor = 'x'"));

        AuditVerifyResource.Report report = new AuditVerifyResource(test.store(), Set.of()).verify(OWNER);

        assertThat(report.valid()).isFalse();
        assertThat(report.findings())
                .containsExactly(new AuditVerifyResource.Place(test.store().chain(), 1, "changed", id));
    }

    @Test
    void transcriptIsReadByThoseWhoSeeTheEntryAndThatIsEntered() {
        Caller owner = user("user-2", Map.of("proj_a", ProjectRole.OWNER));
        Caller stranger = user("user-3", Map.of("proj_b", ProjectRole.OWNER));
        String id = test.flushed()
                .record(
                        TestLedger.event("model.request"),
                        TestLedger.usage("proj_a", 1, 0, 1),
                        Optional.of(new Transcript(List.of("question"), List.of("answer"))));
        TranscriptResource resource = new TranscriptResource(test.store(), test.flushed());

        assertThat(resource.read(id, owner, Actor.of(owner, "")).output()).containsExactly("answer");
        assertThatThrownBy(() -> resource.read(id, stranger, Actor.of(stranger, "")))
                .hasMessage("No transcript of '" + id + "', or you do not have access to it.");
        assertThatThrownBy(() -> resource.read("audit_log-0", owner, Actor.of(owner, "")))
                .hasMessage("No transcript of 'audit_log-0', or you do not have access to it.");
        assertThat(this.resource
                        .list(query("event_types[]", "transcript.read"), OWNER)
                        .data())
                .hasSize(1);
    }

    private String record(String type, String project) {
        Actor actor = new Actor(Actor.Kind.API_KEY, "user-1", Optional.of("key_1"), "127.0.0.1");
        return test.flushed()
                .record(new AuditEvent(type, actor, Optional.of(project), Optional.of("res_1"), Map.of("name", "x")));
    }

    private static List<String> ids(Page<ObjectNode> page) {
        return page.data().stream().map(entry -> entry.get("id").asText()).toList();
    }

    private static AuditLogListPageResponse asOpenAi(Page<ObjectNode> page) throws Exception {
        return ObjectMappers.jsonMapper().readValue(Json.write(page), AuditLogListPageResponse.class);
    }
}
