package org.llmfactory.ledger.journal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.database.testing.TemporaryDatabase;
import org.llmfactory.ledger.Configs;

/** Records without end and prints the id of everything that is recorded, until it is killed. */
final class KilledChild {
    private static final int THREADS = 4;

    private KilledChild() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        TemporaryDatabase database = new TemporaryDatabase(home.resolve("database"));
        LedgerStore store = new LedgerStore(database, new FolderHome(home));
        ChainedLedger ledger = new ChainedLedger(
                store, new LedgerMetrics(), Configs.with(ChainedLedger.Config.class, Map.of("deadlineMillis", 30_000)));
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> recordForEver(ledger)).start();
        }
    }

    private static void recordForEver(ChainedLedger ledger) {
        while (!System.out.checkError()) {
            String id = ledger.record(
                    TestLedger.event("model.request"), TestLedger.usage("proj_a", 2, 0, 1), Optional.empty());
            System.out.println(id);
        }
    }
}
