package org.llmfactory.ledger.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.llmfactory.ledger.rest.TestCallers.query;
import static org.llmfactory.ledger.rest.TestCallers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.models.admin.organization.usage.UsageAudioSpeechesResponse;
import com.openai.models.admin.organization.usage.UsageAudioTranscriptionsResponse;
import com.openai.models.admin.organization.usage.UsageCodeInterpreterSessionsResponse;
import com.openai.models.admin.organization.usage.UsageCompletionsResponse;
import com.openai.models.admin.organization.usage.UsageEmbeddingsResponse;
import com.openai.models.admin.organization.usage.UsageFileSearchCallsResponse;
import com.openai.models.admin.organization.usage.UsageImagesResponse;
import com.openai.models.admin.organization.usage.UsageModerationsResponse;
import com.openai.models.admin.organization.usage.UsageVectorStoresResponse;
import com.openai.models.admin.organization.usage.UsageWebSearchCallsResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;

class UsageResourceTest extends UsageFixture {
    private UsageResource usage;

    @BeforeEach
    void open() {
        usage = new UsageResource(test.tables(), CLOCK);
    }

    @Test
    void withoutGroupsThereIsOneResultPerBucketThatHasUse() {
        count("proj_a", "user-1", "base", 100, 40, 20, MIDNIGHT);
        count("proj_b", "user-2", "other", 1, 0, 2, MIDNIGHT.plusSeconds(86_399));
        count("proj_a", "user-1", "base", 10, 0, 20, MIDNIGHT.plus(Duration.ofDays(2)));

        UsagePage page = completions();

        assertThat(page.data()).hasSize(3);
        assertThat(page.hasMore()).isFalse();
        assertThat(page.nextPage()).isNull();
        assertThat(page.data().get(0).startTime()).isEqualTo(MIDNIGHT.getEpochSecond());
        assertThat(page.data().get(0).endTime()).isEqualTo(MIDNIGHT.getEpochSecond() + 86_400);
        JsonNode first = only(page, 0);
        assertThat(first.get("input_tokens").asLong()).isEqualTo(101);
        assertThat(first.get("input_cached_tokens").asLong()).isEqualTo(40);
        assertThat(first.get("input_uncached_tokens").asLong()).isEqualTo(61);
        assertThat(first.get("output_tokens").asLong()).isEqualTo(22);
        assertThat(first.get("num_model_requests").asLong()).isEqualTo(2);
        assertThat(first.get("project_id").isNull()).isTrue();
        assertThat(page.data().get(1).results()).isEmpty();
        assertThat(only(page, 2).get("input_tokens").asLong()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "project_id, 'proj_a:100 proj_b:11'",
        "user_id, 'user-1:110 user-2:1'",
        "api_key_id, 'key_user-1:110 key_user-2:1'",
        "model, 'base:110 other:1'",
        "adapter, ':111'",
        "batch, 'false:111'",
        "service_tier, 'default:111'"
    })
    void useIsToldApartByGroups(String group, String expected) {
        count("proj_a", "user-1", "base", 100, 0, 0, MIDNIGHT);
        count("proj_b", "user-1", "base", 10, 0, 0, MIDNIGHT);
        count("proj_b", "user-2", "other", 1, 0, 0, MIDNIGHT);

        UsagePage page = completions("group_by[]", group);

        assertThat(page.data().get(0).results().stream()
                        .map(result -> result.get(group).asText() + ":"
                                + result.get("input_tokens").asLong())
                        .reduce((one, other) -> one + " " + other))
                .contains(expected);
    }

    @Test
    void severalGroupsMakeOneResultForEachCombination() {
        count("proj_a", "user-1", "base", 1, 0, 0, MIDNIGHT);
        count("proj_a", "user-2", "base", 2, 0, 0, MIDNIGHT);
        count("proj_a", "user-2", "other", 4, 0, 0, MIDNIGHT);

        assertThat(completions("group_by[]", "user_id", "group_by[]", "model")
                        .data()
                        .get(0)
                        .results())
                .extracting(result -> result.get("user_id").asText() + " "
                        + result.get("model").asText() + " "
                        + result.get("input_tokens").asLong())
                .containsExactly("user-1 base 1", "user-2 base 2", "user-2 other 4");
    }

    @ParameterizedTest
    @CsvSource({
        "project_ids[], proj_a, 1",
        "project_ids, proj_a, 1",
        "user_ids[], user-2, 6",
        "api_key_ids[], key_user-1, 1",
        "models[], other, 4",
        "models[], none, 0",
        "batch, false, 7",
        "batch, true, 0"
    })
    void filtersNarrow(String name, String value, long tokens) {
        count("proj_a", "user-1", "base", 1, 0, 0, MIDNIGHT);
        count("proj_b", "user-2", "base", 2, 0, 0, MIDNIGHT);
        count("proj_b", "user-2", "other", 4, 0, 0, MIDNIGHT);

        assertThat(tokens(completions(name, value))).isEqualTo(tokens);
    }

    @Test
    void pagesFollowOneAnotherWithoutOverlap() {
        for (int hour = 0; hour < 72; hour++) {
            count("proj_a", "user-1", "base", 1, 0, 0, MIDNIGHT.plus(Duration.ofHours(hour)));
        }
        List<Long> starts = new ArrayList<>();
        long tokens = 0;
        UsagePage page = completions("bucket_width", "1h", "limit", "30");
        while (page.hasMore()) {
            page.data().forEach(bucket -> starts.add(bucket.startTime()));
            tokens += tokens(page);
            page = completions("bucket_width", "1h", "limit", "30", "page", page.nextPage());
        }
        page.data().forEach(bucket -> starts.add(bucket.startTime()));

        assertThat(starts).hasSize(72).doesNotHaveDuplicates().isSorted();
        assertThat(tokens + tokens(page)).isEqualTo(72);
    }

    @Test
    void rangeInsideADayHasItsMinutesOnly() {
        count("proj_a", "user-1", "base", 1, 0, 0, MIDNIGHT.plusSeconds(3_599));
        count("proj_a", "user-1", "base", 2, 0, 0, MIDNIGHT.plusSeconds(3_600));
        count("proj_a", "user-1", "base", 4, 0, 0, MIDNIGHT.plusSeconds(7_199));
        count("proj_a", "user-1", "base", 8, 0, 0, MIDNIGHT.plusSeconds(7_200));

        UsagePage page = usage.read(
                "completions",
                query(
                        "start_time", Long.toString(MIDNIGHT.getEpochSecond() + 3_600),
                        "end_time", Long.toString(MIDNIGHT.getEpochSecond() + 7_200)),
                OWNER);

        assertThat(page.data()).hasSize(1);
        assertThat(page.data().get(0).startTime()).isEqualTo(MIDNIGHT.getEpochSecond() + 3_600);
        assertThat(tokens(page)).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({
        "start_time, '', MISSING_PARAMETER, start_time",
        "start_time, soon, INVALID_VALUE, start_time",
        "start_time, -5, INVALID_VALUE, start_time",
        "end_time, 1, INVALID_VALUE, end_time",
        "bucket_width, 1w, INVALID_VALUE, bucket_width",
        "group_by[], colour, INVALID_VALUE, group_by",
        "page, page_x, INVALID_VALUE, page",
        "page, nonsense, INVALID_VALUE, page",
        "page, page_MQ, INVALID_VALUE, page",
        "limit, many, INVALID_VALUE, limit",
        "batch, perhaps, INVALID_VALUE, batch"
    })
    void whatCannotBeIsRefusedByItsName(String name, String value, ErrorCode code, String parameter) {
        var parameters = query("start_time", Long.toString(MIDNIGHT.getEpochSecond()));
        parameters.putSingle(name, value);

        assertThatThrownBy(() -> usage.read("completions", parameters, OWNER))
                .isInstanceOfSatisfying(FactoryException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure.parameter()).contains(parameter);
                });
    }

    @Test
    void unknownKindIsNotFound() {
        assertThatThrownBy(() -> usage.read("thoughts", query("start_time", "0"), OWNER))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @ParameterizedTest
    @CsvSource({"MEMBER, 1", "MAINTAINER, 3", "OWNER, 3", "VIEWER, 0"})
    void rolesSeeTheirOwnOrTheirProjectsUse(ProjectRole role, long tokens) {
        count("proj_a", "user-1", "base", 1, 0, 0, MIDNIGHT);
        count("proj_a", "user-2", "base", 2, 0, 0, MIDNIGHT);
        count("proj_b", "user-1", "base", 4, 0, 0, MIDNIGHT);
        Caller caller = user("user-1", Map.of("proj_a", role));

        assertThat(tokens(usage.read("completions", range(), caller))).isEqualTo(tokens);
        assertThat(tokens(usage.read("completions", range("project_ids[]", "proj_b"), caller)))
                .isZero();
    }

    @Test
    void rolesInSeveralProjectsAddUp() {
        count("proj_a", "user-1", "base", 1, 0, 0, MIDNIGHT);
        count("proj_a", "user-2", "base", 2, 0, 0, MIDNIGHT);
        count("proj_b", "user-1", "base", 4, 0, 0, MIDNIGHT);
        count("proj_b", "user-2", "base", 8, 0, 0, MIDNIGHT);
        Caller caller = user("user-1", Map.of("proj_a", ProjectRole.MEMBER, "proj_b", ProjectRole.MAINTAINER));

        assertThat(tokens(usage.read("completions", range(), caller))).isEqualTo(13);
    }

    @Test
    void kindsAreCountedApart() throws Exception {
        for (UsageKind kind : UsageKind.values()) {
            count(
                    new UsageEntry(
                            kind.endpoint(), "proj_a", "user-1", Optional.empty(), "m", "", new Usage(3, 0, 2, 1.2)),
                    MIDNIGHT);
        }

        assertThat(only(read("images"), 0).get("images").asLong()).isEqualTo(2);
        assertThat(only(read("audio_speeches"), 0).get("characters").asLong()).isEqualTo(3);
        assertThat(only(read("audio_transcriptions"), 0).get("seconds").asLong())
                .isEqualTo(2);
        assertThat(only(read("file_search_calls"), 0).get("num_requests").asLong())
                .isEqualTo(1);
        openAi(read("completions"), UsageCompletionsResponse.class).validate();
        openAi(read("embeddings"), UsageEmbeddingsResponse.class).validate();
        openAi(read("moderations"), UsageModerationsResponse.class).validate();
        openAi(read("images"), UsageImagesResponse.class).validate();
        openAi(read("audio_speeches"), UsageAudioSpeechesResponse.class).validate();
        openAi(read("audio_transcriptions"), UsageAudioTranscriptionsResponse.class)
                .validate();
        openAi(read("vector_stores"), UsageVectorStoresResponse.class).validate();
        openAi(read("code_interpreter_sessions"), UsageCodeInterpreterSessionsResponse.class)
                .validate();
        openAi(read("file_search_calls"), UsageFileSearchCallsResponse.class).validate();
        openAi(read("web_search_calls"), UsageWebSearchCallsResponse.class).validate();
    }

    @Test
    void openAiClientReadsEveryFieldOfACompletion() throws Exception {
        count("proj_a", "user-1", "base", 100, 40, 20, MIDNIGHT);

        var result = openAi(
                        completions(
                                "group_by[]",
                                "project_id",
                                "group_by[]",
                                "user_id",
                                "group_by[]",
                                "api_key_id",
                                "group_by[]",
                                "model",
                                "group_by[]",
                                "batch",
                                "group_by[]",
                                "service_tier"),
                        UsageCompletionsResponse.class)
                .validate()
                .data()
                .get(0)
                .results()
                .get(0)
                .asOrganizationUsageCompletions();

        assertThat(result.inputTokens()).isEqualTo(100);
        assertThat(result.inputCachedTokens()).contains(40L);
        assertThat(result.projectId()).contains("proj_a");
        assertThat(result.apiKeyId()).contains("key_user-1");
        assertThat(result.batch()).contains(false);
    }

    private UsagePage completions(String... parameters) {
        return usage.read("completions", range(parameters), OWNER);
    }

    private UsagePage read(String kind) {
        return usage.read(kind, range(), OWNER);
    }

    private static long tokens(UsagePage page) {
        return page.data().stream()
                .flatMap(bucket -> bucket.results().stream())
                .mapToLong(result -> result.get("input_tokens").asLong())
                .sum();
    }
}
