package org.llmfactory.itest.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.admin.organization.auditlogs.AuditLogListParams;
import com.openai.models.admin.organization.auditlogs.AuditLogListResponse;
import com.openai.models.admin.organization.usage.UsageAudioSpeechesParams;
import com.openai.models.admin.organization.usage.UsageAudioTranscriptionsParams;
import com.openai.models.admin.organization.usage.UsageCodeInterpreterSessionsParams;
import com.openai.models.admin.organization.usage.UsageCompletionsParams;
import com.openai.models.admin.organization.usage.UsageCompletionsResponse.Data.Result.OrganizationUsageCompletionsResult;
import com.openai.models.admin.organization.usage.UsageCostsParams;
import com.openai.models.admin.organization.usage.UsageCostsResponse;
import com.openai.models.admin.organization.usage.UsageEmbeddingsParams;
import com.openai.models.admin.organization.usage.UsageImagesParams;
import com.openai.models.admin.organization.usage.UsageModerationsParams;
import com.openai.models.admin.organization.usage.UsageVectorStoresParams;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import com.openai.services.blocking.admin.OrganizationService;
import com.openai.services.blocking.admin.organization.UsageService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.Platform.IssuedKey;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.itest.agent.SharedAgent;

/** What the official Java client did stands in the usage report and in the audit log: that, and nothing else. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class ReportsIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Platform platform;
    private final OrganizationService organization;
    private final String project;
    private final IssuedKey key;
    private final long start = Instant.now().minus(Duration.ofHours(1)).getEpochSecond();

    ReportsIT(Platform platform) throws Exception {
        this.platform = platform;
        this.organization = platform.adminSdk().admin().organization();
        this.project = platform.project("reports");
        this.key = platform.serviceAccount(project);
    }

    @Test
    void usageIsWhatTheAnswersSaid() {
        OpenAIClient client = platform.sdk(key.value());
        List<CompletionUsage> told = new ArrayList<>();
        for (int tokens : new int[] {3, 5}) {
            told.add(client.chat()
                    .completions()
                    .create(chat(tokens).build())
                    .usage()
                    .orElseThrow());
        }
        told.add(streamed(client, 7));

        List<OrganizationUsageCompletionsResult> results = usage();

        assertThat(results).hasSize(1);
        OrganizationUsageCompletionsResult sum = results.get(0);
        assertThat(sum.numModelRequests()).isEqualTo(3);
        assertThat(sum.inputTokens())
                .isEqualTo(
                        told.stream().mapToLong(CompletionUsage::promptTokens).sum());
        assertThat(sum.outputTokens())
                .isEqualTo(told.stream()
                        .mapToLong(CompletionUsage::completionTokens)
                        .sum());
        assertThat(sum.projectId()).hasValue(project);
        assertThat(sum.apiKeyId()).hasValue(key.id());
        assertThat(sum.model()).hasValue(RunningAgent.MODEL);
    }

    @Test
    void aStreamThatWasGivenUpIsCountedWithWhatWasGenerated() {
        try (StreamResponse<ChatCompletionChunk> chunks = platform.sdk(key.value())
                .chat()
                .completions()
                .createStreaming(chat(400).build())) {
            assertThat(chunks.stream().limit(2)).hasSize(2);
        }

        await().atMost(DEADLINE).untilAsserted(() -> assertThat(usage()).hasSize(1));
        assertThat(usage().get(0).numModelRequests()).isEqualTo(1);
        assertThat(usage().get(0).outputTokens()).isBetween(1L, 399L);
        assertThat(modelRequests()).hasSize(1);
    }

    @Test
    void everyAnswerHasItsEntryInTheAuditLog() throws Exception {
        String id = platform.sdk(key.value())
                .chat()
                .completions()
                .create(chat(3).build())
                .id();

        List<JsonNode> entries = modelRequests();

        assertThat(entries).hasSize(1);
        JsonNode entry = entries.get(0);
        assertThat(entry.path("project").path("id").asText()).isEqualTo(project);
        assertThat(entry.path("actor").path("api_key").path("id").asText()).isEqualTo(key.id());
        assertThat(entry.path("model.request").toString())
                .contains(id, RunningAgent.MODEL)
                .doesNotContain("Say something");
    }

    @Test
    void theAuditLogTellsWhatAdministratorsDid() {
        List<AuditLogListResponse> entries = organization
                .auditLogs()
                .list(AuditLogListParams.builder().addProjectId(project).build())
                .data();

        assertThat(entries)
                .extracting(entry -> entry.type().asString())
                .containsExactlyInAnyOrder("project.created", "service_account.created", "api_key.created");
        assertThat(entries).allSatisfy(entry -> assertThat(entry.effectiveAt()).isGreaterThan(start));
        assertThat(entries).extracting(entry -> entry.actor().isPresent()).containsOnly(true);
        assertThat(entries.stream().flatMap(entry -> entry.apiKeyCreated().stream()))
                .extracting(created -> created.id().orElseThrow())
                .containsExactly(key.id());
    }

    @Test
    void theAuditLogIsFilteredByTypeResourceActorAndTime() {
        AuditLogListParams ours =
                AuditLogListParams.builder().addProjectId(project).build();
        assertThat(types(ours.toBuilder()
                        .addEventType(AuditLogListParams.EventType.PROJECT_CREATED)
                        .build()))
                .containsExactly("project.created");
        assertThat(types(AuditLogListParams.builder().addResourceId(project).build()))
                .containsExactly("project.created");
        assertThat(types(ours.toBuilder().addActorId("nobody").build())).isEmpty();
        assertThat(types(ours.toBuilder()
                        .effectiveAt(AuditLogListParams.EffectiveAt.builder()
                                .lt(start)
                                .build())
                        .build()))
                .isEmpty();
        assertThat(types(ours.toBuilder()
                        .effectiveAt(AuditLogListParams.EffectiveAt.builder()
                                .gte(start)
                                .build())
                        .build()))
                .hasSize(3);
    }

    @Test
    void pagesOfTheAuditLogFollowOneAnother() {
        List<String> paged = organization
                .auditLogs()
                .list(AuditLogListParams.builder()
                        .addProjectId(project)
                        .limit(2)
                        .build())
                .autoPager()
                .stream()
                .map(AuditLogListResponse::id)
                .toList();

        assertThat(paged).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void costsAreTold() {
        UsageCostsResponse costs = organization
                .usage()
                .costs(UsageCostsParams.builder()
                        .startTime(start)
                        .addProjectId(project)
                        .build());

        assertThat(costs.data()).isNotEmpty();
    }

    @Test
    void whatThePlatformDoesNotDoYetWasNotUsed() {
        UsageService usage = organization.usage();

        assertThat(usage.embeddings(
                                UsageEmbeddingsParams.builder().startTime(start).build())
                        .data())
                .allSatisfy(bucket -> assertThat(bucket.results()).isEmpty());
        assertThat(usage.moderations(UsageModerationsParams.builder()
                                .startTime(start)
                                .build())
                        .data())
                .allSatisfy(bucket -> assertThat(bucket.results()).isEmpty());
        assertThat(usage.images(UsageImagesParams.builder().startTime(start).build())
                        .data())
                .allSatisfy(bucket -> assertThat(bucket.results()).isEmpty());
        assertThat(usage.audioSpeeches(UsageAudioSpeechesParams.builder()
                                .startTime(start)
                                .build())
                        .data())
                .allSatisfy(bucket -> assertThat(bucket.results()).isEmpty());
        assertThat(usage.audioTranscriptions(UsageAudioTranscriptionsParams.builder()
                                .startTime(start)
                                .build())
                        .data())
                .allSatisfy(bucket -> assertThat(bucket.results()).isEmpty());
        assertThat(usage.vectorStores(UsageVectorStoresParams.builder()
                                .startTime(start)
                                .build())
                        .data())
                .allSatisfy(bucket -> assertThat(bucket.results()).isEmpty());
        assertThat(usage.codeInterpreterSessions(UsageCodeInterpreterSessionsParams.builder()
                                .startTime(start)
                                .build())
                        .data())
                .allSatisfy(bucket -> assertThat(bucket.results()).isEmpty());
    }

    /** What the project used, parted by key and model. */
    private List<OrganizationUsageCompletionsResult> usage() {
        return organization
                .usage()
                .completions(UsageCompletionsParams.builder()
                        .startTime(start)
                        .bucketWidth(UsageCompletionsParams.BucketWidth._1D)
                        .addProjectId(project)
                        .addGroupBy(UsageCompletionsParams.GroupBy.PROJECT_ID)
                        .addGroupBy(UsageCompletionsParams.GroupBy.API_KEY_ID)
                        .addGroupBy(UsageCompletionsParams.GroupBy.MODEL)
                        .build())
                .data()
                .stream()
                .flatMap(bucket -> bucket.results().stream())
                .map(result -> result.asOrganizationUsageCompletions())
                .toList();
    }

    private List<String> types(AuditLogListParams query) {
        return organization.auditLogs().list(query).data().stream()
                .map(entry -> entry.type().asString())
                .toList();
    }

    /** The entries of generated answers; their type is an extension, which the official client would refuse. */
    private List<JsonNode> modelRequests() {
        try {
            JsonNode page = ApiClient.accepted(platform.administrator()
                    .get("/v1/organization/audit_logs?event_types%5B%5D=model.request&project_ids%5B%5D=" + project));
            return StreamSupport.stream(page.path("data").spliterator(), false).toList();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletionUsage streamed(OpenAIClient client, int tokens) {
        ChatCompletionCreateParams request = chat(tokens)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(request)) {
            return chunks.stream()
                    .flatMap(chunk -> chunk.usage().stream())
                    .reduce((one, last) -> last)
                    .orElseThrow();
        }
    }

    private static ChatCompletionCreateParams.Builder chat(int tokens) {
        return ChatCompletionCreateParams.builder()
                .model(RunningAgent.MODEL)
                .addUserMessage("Say something.")
                .maxCompletionTokens(tokens)
                .temperature(0);
    }
}
