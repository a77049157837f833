package org.llmfactory.fleet.roster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.agent.report.LoadReport;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.api.network.StreamListener;

class RosterTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final Instant STARTED = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Limits LIMITS =
            new Limits(Duration.ofMillis(1500), Duration.ofMinutes(10), Duration.ofSeconds(10), 3, 100_000);

    private final List<Change> changes = new ArrayList<>();
    private final RecordingStream stream = new RecordingStream(NODE);
    private long nanos = 1_000_000_000;
    private final Roster roster =
            new Roster(LIMITS, Clock.fixed(NOW, ZoneOffset.UTC), () -> nanos, (change, member) -> changes.add(change));

    private static AgentReport report(int running) {
        return Reports.of("region-1", STARTED, Map.of(), running);
    }

    private StreamListener open() {
        return roster.accept(stream, ReportMessages.opening(STARTED));
    }

    private StreamListener join() {
        StreamListener session = open();
        Reports.send(session, report(0));
        return session;
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        roster.sweep(Duration.ZERO);
    }

    private Member member() {
        return roster.member(NODE).orElseThrow();
    }

    @Test
    void anAgentIsThereOnceItHasSaidWhatItIs() {
        StreamListener session = open();
        assertThat(roster.members()).isEmpty();
        Reports.send(session, report(0));

        assertThat(roster.members()).containsExactly(new Member(NODE, report(0), true, NOW));
        assertThat(changes).containsExactly(Change.JOINED);
    }

    @Test
    void membersAreInTheOrderOfTheirAddresses() {
        for (String address : List.of("shared/b", "proj_1/z", "shared/a")) {
            Reports.send(
                    roster.accept(new RecordingStream(AgentAddress.parse(address)), ReportMessages.opening(STARTED)),
                    report(0));
        }

        assertThat(roster.members())
                .extracting(member -> member.address().toString())
                .containsExactly("proj_1/z", "shared/a", "shared/b");
    }

    @Test
    void aNewReportReplacesTheOldOne() {
        StreamListener session = join();
        AgentReport next = Reports.of("region-1", STARTED, Map.of("rack", "8"), 0);
        Reports.send(session, next);
        Reports.send(session, next);

        assertThat(member().report()).isEqualTo(next);
        assertThat(changes).containsExactly(Change.JOINED, Change.CHANGED);
    }

    @Test
    void whatAnEngineDoesIsAChangeAndTheMachinesLoadIsNone() {
        StreamListener session = join();
        session.onMessage(ReportMessages.load(LoadReport.of(report(5))));
        session.onMessage(ReportMessages.load(new LoadReport(
                new AgentReport.Load(0.9, 1, 2, 3), LoadReport.of(report(5)).engines())));

        assertThat(member().report().engines().get(0).running()).isEqualTo(5);
        assertThat(member().report().load().processor()).isEqualTo(0.9);
        assertThat(changes).containsExactly(Change.JOINED, Change.CHANGED);
    }

    @Test
    void anAgentThatBeatsStaysAlive() {
        StreamListener session = join();
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofMillis(500));
            session.onMessage(ReportMessages.beat());
        }

        assertThat(member().alive()).isTrue();
        assertThat(changes).containsExactly(Change.JOINED);
    }

    @Test
    void aSilentAgentIsNotAliveButListed() {
        join();
        pass(Duration.ofMillis(1500));
        assertThat(member().alive()).isTrue();
        pass(Duration.ofMillis(1));

        assertThat(member().alive()).isFalse();
        assertThat(member().heard()).isEqualTo(NOW.minusMillis(1501));
        assertThat(changes).containsExactly(Change.JOINED, Change.SILENT);
    }

    @Test
    void aSilentAgentThatBeatsAgainHasReturned() {
        StreamListener session = join();
        pass(Duration.ofSeconds(3));
        session.onMessage(ReportMessages.beat());

        assertThat(member().alive()).isTrue();
        assertThat(changes).containsExactly(Change.JOINED, Change.SILENT, Change.RETURNED);
    }

    @Test
    void aControllerThatStoodStillBlamesNobody() {
        join();
        nanos += Duration.ofSeconds(5).toNanos();
        roster.sweep(Duration.ofSeconds(4));

        assertThat(member().alive()).isTrue();
        pass(Duration.ofMillis(250));
        assertThat(member().alive()).isFalse();
    }

    @Test
    void goodbyeIsHeardAtOnce() {
        StreamListener session = join();
        session.onMessage(ReportMessages.goodbye());
        session.onEnd();

        assertThat(member().alive()).isFalse();
        assertThat(changes).containsExactly(Change.JOINED, Change.STOPPED);
    }

    @Test
    void aStreamThatBreaksOffIsNoReasonToMissAnyoneYet() {
        StreamListener session = join();
        session.onFailure(new FactoryException(ErrorCode.DEADLINE_EXCEEDED, "gone"));
        assertThat(member().alive()).isTrue();
        open().onMessage(ReportMessages.beat());
        pass(Duration.ofSeconds(1));

        assertThat(member().alive()).isTrue();
        assertThat(changes).containsExactly(Change.JOINED);
    }

    @Test
    void anOlderStreamCountsNoMore() {
        StreamListener former = join();
        StreamListener session = join();
        Reports.send(former, report(9));
        former.onMessage(ReportMessages.goodbye());
        former.onEnd();

        assertThat(stream.cancellations).hasSize(1);
        assertThat(member().report()).isEqualTo(report(0));
        assertThat(member().alive()).isTrue();
        session.onMessage(ReportMessages.beat());
    }

    @Test
    void anAgentThatRestartsIsNotAliveUntilItHasSaidWhatItIsNow() {
        join();
        Instant later = STARTED.plusSeconds(60);
        StreamListener session = roster.accept(stream, ReportMessages.opening(later));
        session.onMessage(ReportMessages.beat());
        assertThat(member().alive()).isFalse();
        Reports.send(session, Reports.of("region-1", later, Map.of(), 0));

        assertThat(member().alive()).isTrue();
        assertThat(changes).containsExactly(Change.JOINED, Change.RESTARTED, Change.RETURNED);
    }

    @Test
    void anAgentThatIsSilentForLongIsForgotten() {
        join();
        pass(Duration.ofSeconds(2));
        pass(Duration.ofMinutes(9));
        assertThat(roster.members()).hasSize(1);
        pass(Duration.ofMinutes(1));

        assertThat(roster.members()).isEmpty();
        assertThat(changes).containsExactly(Change.JOINED, Change.SILENT, Change.FORGOTTEN);
    }

    @Test
    void aForgottenAgentMayComeBack() {
        join();
        pass(Duration.ofSeconds(2));
        pass(Duration.ofMinutes(11));
        join();

        assertThat(member().alive()).isTrue();
        assertThat(changes).endsWith(Change.FORGOTTEN, Change.JOINED);
    }

    @Test
    void anAgentThatNeverSaysWhatItIsIsSentAway() {
        StreamListener session = open();
        for (int i = 0; i < 22; i++) {
            session.onMessage(ReportMessages.beat());
            pass(Duration.ofMillis(500));
        }

        assertThat(stream.cancellations).hasSize(1);
        assertThat(changes).isEmpty();
    }

    @Test
    void onlySoManyAgentsAreTaken() {
        for (int i = 0; i < 3; i++) {
            roster.accept(new RecordingStream(new AgentAddress("shared", "n" + i)), ReportMessages.opening(STARTED));
        }

        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED));
        pass(Duration.ofSeconds(11));
        join();
        assertThat(member().alive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "R{}", "Rnull", "R{\"feature\":", "L[]"})
    void aMalformedReportEndsItsStreamAndNothingElse(String message) {
        StreamListener session = join();
        session.onMessage(message.getBytes(UTF_8));

        assertThat(stream.cancellations).hasSize(1);
        assertThat(member()).isEqualTo(new Member(NODE, report(0), true, NOW));
        assertThat(roster.counts().refusals()).isEqualTo(1);
    }

    @Test
    void aReportThatIsTooLargeEndsItsStreamAndNothingElse() {
        StreamListener session = join();
        Reports.send(session, Reports.of("region-1", STARTED, Map.of("large", "x".repeat(200_000)), 0));

        assertThat(stream.cancellations).singleElement().asString().contains("100000 bytes");
        assertThat(member().report()).isEqualTo(report(0));
    }

    @Test
    void anOpeningThatIsMalformedIsRefused() {
        assertThatThrownBy(() -> roster.accept(stream, "hello".getBytes(UTF_8))).isInstanceOf(FactoryException.class);
        assertThat(roster.members()).isEmpty();
    }
}
