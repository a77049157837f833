package org.llmfactory.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GroupCommitTest {
    private static final long LONG = Duration.ofSeconds(30).toNanos();
    private static final long SHORT = Duration.ofMillis(50).toNanos();

    private final List<List<String>> batches = new CopyOnWriteArrayList<>();
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore disk = new Semaphore(0);
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final GroupCommit commits = new GroupCommit(100, 3, this::write);
    private volatile boolean diskIsFull;

    private boolean write(List<Pending> batch) {
        begun.release();
        disk.acquireUninterruptibly();
        batches.add(batch.stream().map(Pending::id).toList());
        return !diskIsFull;
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    @Test
    void whoComesAloneWritesForHimself() throws Exception {
        disk.release();

        assertThat(commits.commit(pending("a"), LONG)).isTrue();
        assertThat(batches).containsExactly(List.of("a"));
    }

    @Test
    void whoComesMeanwhileIsWrittenTogetherInOrder() throws Exception {
        List<CompletableFuture<Boolean>> calls = new ArrayList<>();
        calls.add(call("a"));
        begun.acquire();
        for (String id : List.of("b", "c", "d", "e")) {
            calls.add(call(id));
            int size = calls.size() - 1;
            await().until(() -> commits.size() == size);
        }
        disk.release(3);

        for (CompletableFuture<Boolean> call : calls) {
            assertThat(call.get(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(batches).containsExactly(List.of("a"), List.of("b", "c", "d"), List.of("e"));
    }

    @Test
    void whoGivesUpInLineIsNeverWrittenAndHisTurnPassesOn() throws Exception {
        CompletableFuture<Boolean> first = call("a");
        begun.acquire();

        assertThat(commits.commit(pending("b"), SHORT)).isFalse();
        CompletableFuture<Boolean> third = call("c");
        disk.release(2);

        assertThat(first.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(third.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(batches).allSatisfy(batch -> assertThat(batch).doesNotContain("b"));
    }

    @Test
    void aFailureIsEveryonesOfItsBatchAndNobodyElses() throws Exception {
        diskIsFull = true;
        disk.release();
        assertThat(commits.commit(pending("a"), LONG)).isFalse();

        diskIsFull = false;
        disk.release();
        assertThat(commits.commit(pending("b"), LONG)).isTrue();
    }

    @Test
    void aWriterThatThrowsHoldsNobodyUp() throws Exception {
        GroupCommit failing = new GroupCommit(1, 1, batch -> {
            throw new IllegalStateException("broken");
        });
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> failing.commit(pending("a"), LONG)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(failing.close(LONG)).isTrue();
    }

    @Test
    void itEndsWhenWhatIsInLineIsWritten() throws Exception {
        CompletableFuture<Boolean> first = call("a");
        begun.acquire();
        assertThat(commits.close(SHORT)).isFalse();
        assertThat(commits.commit(pending("b"), LONG)).isFalse();

        disk.release();
        assertThat(commits.close(LONG)).isTrue();
        assertThat(first.get(30, TimeUnit.SECONDS)).isTrue();
    }

    private CompletableFuture<Boolean> call(String id) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return commits.commit(pending(id), LONG);
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                        return false;
                    }
                },
                callers);
    }

    private static Pending pending(String id) {
        return new Pending(id, TestLedger.event("project.created"), "{}", Optional.empty(), Optional.empty());
    }
}
