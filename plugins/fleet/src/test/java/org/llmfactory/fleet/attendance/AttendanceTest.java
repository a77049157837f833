package org.llmfactory.fleet.attendance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.fleet.roster.Change;
import org.llmfactory.fleet.roster.FleetService;
import org.llmfactory.fleet.roster.Reports;
import org.llmfactory.fleet.roster.TestFleet;

class AttendanceTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final FleetService fleet = TestFleet.start();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final AtomicLong nanos = new AtomicLong();
    private final Attendance attendance = new Attendance(fleet, nanos::get);

    AttendanceTest() {
        attendance.ledger = ledger;
    }

    @AfterEach
    void stop() {
        attendance.stop();
        TestFleet.stop(fleet);
    }

    private static Member member(String name, boolean alive) {
        return new Member(
                new AgentAddress("shared", name),
                Reports.of("region-1", Instant.EPOCH, Map.of(), 0),
                alive,
                Instant.EPOCH);
    }

    private void awaitEntries(int count) {
        await().atMost(DEADLINE).until(() -> ledger.events().size() == count);
    }

    @Test
    void whoIsLostAndReturnsIsEnteredAndWhoChangesIsNot() {
        attendance.onChange(Change.JOINED, member("node-1", true));
        attendance.onChange(Change.CHANGED, member("node-1", true));
        attendance.onChange(Change.SILENT, member("node-1", false));
        attendance.onChange(Change.RETURNED, member("node-1", true));
        attendance.onChange(Change.STOPPED, member("node-1", false));
        attendance.onChange(Change.FORGOTTEN, member("node-1", false));
        awaitEntries(3);

        assertThat(ledger.types()).containsExactly("agent.lost", "agent.returned", "agent.lost");
        assertThat(ledger.events())
                .extracting(event -> event.details().get("reason"))
                .containsExactly("silent", "returned", "stopped");
        assertThat(ledger.events())
                .allSatisfy(event -> assertThat(event.resource()).hasValue("shared/node-1"));
    }

    @Test
    void aRegionThatFallsSilentDoesNotFloodTheLedger() {
        for (int i = 0; i < 500; i++) {
            attendance.onChange(Change.SILENT, member("node-" + i, false));
        }
        awaitEntries(120);
        await().atMost(DEADLINE).until(attendance::isIdle);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        attendance.onChange(Change.SILENT, member("last", false));
        awaitEntries(121);

        assertThat(ledger.events().get(120).details()).containsEntry("left_out_before", 380L);
    }

    @Test
    void withoutALedgerNothingIsEntered() {
        attendance.ledger = null;
        attendance.onChange(Change.SILENT, member("node-1", false));
        await().atMost(DEADLINE).until(attendance::isIdle);

        assertThat(ledger.events()).isEmpty();
    }
}
