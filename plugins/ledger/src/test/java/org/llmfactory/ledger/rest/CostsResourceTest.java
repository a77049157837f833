package org.llmfactory.ledger.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.models.admin.organization.usage.UsageCostsResponse;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;

class CostsResourceTest extends UsageFixture {
    private CostsResource costs;

    @BeforeEach
    void open() {
        costs = new CostsResource(test.tables(), new Prices("USD", "base=1,0.5,2", "*=10,10,10,6"), CLOCK);
    }

    @Test
    void costsFollowFromPricesOfTheModel() throws Exception {
        count("proj_a", "user-1", "base", 3_000_000, 1_000_000, 500_000, MIDNIGHT);
        count("proj_b", "user-1", "other", 100_000, 0, 0, MIDNIGHT);

        UsagePage page = costs.read(range(), OWNER);

        // 2 M at 1, 1 M at 0.5, 0.5 M at 2, and 0.1 M at 10
        assertThat(only(page, 0).at("/amount/value").asDouble()).isEqualTo(4.5);
        assertThat(only(page, 0).at("/amount/currency").asText()).isEqualTo("usd");
        assertThat(only(page, 0).get("line_item").isNull()).isTrue();
        openAi(page, UsageCostsResponse.class).validate();
    }

    @Test
    void costsAreToldApartByItemWithItsQuantity() throws Exception {
        count("proj_a", "user-1", "base", 3_000_000, 1_000_000, 500_000, MIDNIGHT);
        count(
                new UsageEntry(
                        "audio_transcriptions",
                        "proj_a",
                        "user-1",
                        Optional.empty(),
                        "whisper",
                        "",
                        new Usage(0, 0, 0, 90)),
                MIDNIGHT);

        UsagePage page = costs.read(range("group_by[]", "line_item", "group_by[]", "project_id"), OWNER);

        assertThat(page.data().get(0).results())
                .extracting(result -> result.get("line_item").asText() + ": "
                        + result.get("quantity").asDouble() + " "
                        + result.get("quantity_unit").asText() + " "
                        + result.at("/amount/value").asDouble())
                .containsExactly(
                        "base, input: 2000000.0 tokens 2.0",
                        "base, cached input: 1000000.0 tokens 0.5",
                        "base, output: 500000.0 tokens 1.0",
                        "whisper, audio: 90.0 duration_seconds 9.0");
        assertThat(page.data().get(0).results())
                .allMatch(result -> result.get("project_id").asText().equals("proj_a"));
        openAi(page, UsageCostsResponse.class).validate();
    }

    @Test
    void costsAreByTheDayOnly() {
        assertThatThrownBy(() -> costs.read(range("bucket_width", "1h"), OWNER)).isInstanceOf(FactoryException.class);
        assertThatThrownBy(() -> costs.read(range("group_by[]", "model"), OWNER))
                .isInstanceOf(FactoryException.class);
    }

    @Test
    void priceThatCannotBeReadIsTold() {
        assertThatThrownBy(() -> new Prices("usd", "base=cheap"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("base=cheap");
    }
}
