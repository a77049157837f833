package org.llmfactory.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llmfactory.ledger.journal.ChainedLedger;
import org.llmfactory.ledger.rest.AuditApplication;
import org.llmfactory.ledger.rest.CostsApplication;

/** Defaults as the README has them. */
final class ConfigTest {
    @Test
    void ledger() {
        ChainedLedger.Config config = Configs.defaults(ChainedLedger.Config.class);

        assertThat(config.deadlineMillis()).isEqualTo(5_000);
        assertThat(config.queueCapacity()).isEqualTo(10_000);
        assertThat(config.batchSize()).isEqualTo(512);
    }

    @Test
    void everythingIsFreeAndNoPeerIsKnown() {
        assertThat(Configs.defaults(CostsApplication.Config.class).currency()).isEqualTo("usd");
        assertThat(Configs.defaults(CostsApplication.Config.class).prices()).isEmpty();
        assertThat(Configs.defaults(AuditApplication.Config.class).peers()).isEmpty();
    }
}
