package org.llmfactory.database.internal;

import java.nio.file.Path;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.testing.TemporaryDatabase;

/**
 * Commits without end, in several threads, and prints the id of what it committed, once it did. To be killed; ends by itself
 * when nobody reads any more.
 */
final class CommittingProcess {
    private static final int THREADS = 4;

    private CommittingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (TemporaryDatabase database = new TemporaryDatabase(Path.of(arguments[0]))) {
            Jdbi tables = database.open("test", CommittingProcess.class);
            Thread[] threads = new Thread[THREADS];
            for (int i = 0; i < THREADS; i++) {
                threads[i] = new Thread(() -> commit(tables));
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void commit(Jdbi tables) {
        // True once standard output is closed.
        while (!System.out.checkError()) {
            String id = UUID.randomUUID().toString();
            tables.useTransaction(handle -> DatabaseContract.add(handle, id));
            System.out.println(id);
        }
    }
}
