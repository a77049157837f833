package org.llmfactory.leadership.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.leadership.election.RenewAnswer;
import org.llmfactory.leadership.election.RenewRequest;
import org.llmfactory.leadership.election.VoteAnswer;
import org.llmfactory.leadership.election.VoteRequest;
import org.llmfactory.leadership.store.BallotFile;

class CandidacyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path homes;

    private ControllerFixture controllers;

    @BeforeEach
    void open() {
        controllers = new ControllerFixture(homes);
    }

    @AfterEach
    void close() {
        controllers.close();
    }

    @Test
    void aSingleControllerRegistersItselfAndLeadsAndTheLedgerKnows() throws IOException {
        Candidacy only = controllers.start("c1");

        until(only::isLeader);

        assertThat(only.standing().epoch()).isEqualTo(1);
        assertThat(controllers.register.read().members()).containsExactly(only.self());
        assertThat(controllers.ledger().events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("leadership.gained");
            assertThat(event.resource()).contains("platform/c1");
            assertThat(event.details()).isEqualTo(Map.of("epoch", 1L));
        });
        assertThat(check(only).getStatus()).isEqualTo(Result.Status.OK);
    }

    @Test
    void oneThatIsStartedAnewLeadsInTheNextEpochAndTheOneBeforeLeadsNoMore() throws IOException {
        Candidacy before = controllers.start("c1");
        until(before::isLeader);

        Candidacy after = controllers.start("c1");
        assertThat(before.isLeader()).isFalse();
        until(after::isLeader);

        assertThat(after.standing().epoch()).isEqualTo(2);
    }

    @Test
    void controllersThatComeLaterFollowAndOneOfThemTakesOverWhenTheLeaderIsCutOff() throws IOException {
        Candidacy first = controllers.start("c1");
        until(first::isLeader);
        Candidacy second = controllers.start("c2");
        Candidacy third = controllers.start("c3");
        until(() ->
                controllers.register.read().members().size() == 3 && follows(second, first) && follows(third, first));
        assertThat(first.isLeader()).isTrue();
        long epoch = first.standing().epoch();

        controllers.network.cut(first.self());
        until(() -> second.isLeader() || third.isLeader());

        Candidacy successor = second.isLeader() ? second : third;
        assertThat(successor.standing().epoch()).isGreaterThan(epoch);
        assertThat(first.isLeader()).isFalse();

        controllers.network.heal(first.self());
        until(() -> follows(first, successor));
        assertThat(check(first).getStatus()).isEqualTo(Result.Status.OK);
    }

    @Test
    void whoIsLeftOfThreeRefusesAlone() throws IOException {
        controllers.register("c1", "c2", "c3");
        Candidacy first = controllers.start("c1");
        Candidacy second = controllers.start("c2");
        Candidacy third = controllers.start("c3");
        until(() -> controllers.leading().size() == 1);
        Candidacy left = second.isLeader() ? second : first;

        for (Candidacy controller : new Candidacy[] {first, second, third}) {
            if (controller != left) {
                controllers.network.cut(controller.self());
            }
        }

        until(() -> controllers.leading().isEmpty());
        until(() -> check(left).getStatus() == Result.Status.WARN);
        assertThat(check(left).toString()).contains("c1, c2, c3");
    }

    @Test
    void whoIsNotRegisteredGetsNoVoteAndIsNotFollowed() throws IOException {
        Candidacy member = controllers.start("c1");
        until(member::isLeader);

        assertThatThrownBy(() -> ask(ControllerFixture.address("stranger"), member))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(ErrorCode.PERMISSION_DENIED));
        assertThatThrownBy(() -> renew(ControllerFixture.address("stranger"), member))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(ErrorCode.PERMISSION_DENIED));
        assertThatThrownBy(() -> ask(AgentAddress.parse("shared/node"), member))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(ErrorCode.PERMISSION_DENIED));
        assertThat(member.isLeader()).isTrue();
    }

    @Test
    void whoWasTakenOutLeadsNoLongerAndDoesNotEnterItself() throws IOException {
        Candidacy retired = controllers.start("c1");
        until(retired::isLeader);
        assertThatThrownBy(() -> retired.remove(retired.self(), () -> {}))
                .isInstanceOfSatisfying(FactoryException.class, early -> {
                    assertThat(early.code()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(early.retryAfter()).isPresent();
                });

        until(() -> isRemoved(retired));
        until(() -> !retired.isLeader());
        Candidacy next = controllers.start("c2");
        until(next::isLeader);

        assertThat(controllers.register.read().members()).containsExactly(next.self());
        assertThat(next.standing().epoch()).isGreaterThan(1);
        assertThatThrownBy(() -> next.remove(retired.self(), () -> {}))
                .isInstanceOfSatisfying(
                        FactoryException.class, gone -> assertThat(gone.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void whoseEpochCannotBeEnteredInTheLedgerLeadsNothingUntilItCan() throws IOException {
        FullLedger ledger = new FullLedger();
        controllers.audit.ledger = ledger;
        Candidacy only = controllers.start("c1");

        until(() -> ledger.refused > 1);
        assertThat(only.isLeader()).isFalse();
        controllers.audit.ledger = controllers.ledger();

        until(only::isLeader);
    }

    @Test
    void aNodeIsNoCandidate() {
        AgentAddress node = AgentAddress.parse("shared/node");

        assertThatThrownBy(() -> new Candidacy(
                        node,
                        controllers.network.of(node),
                        controllers.register,
                        new BallotFile(homes.resolve("x/leadership.json")),
                        controllers.audit,
                        ControllerFixture.QUICK))
                .hasMessageContaining("only controllers vote");
    }

    @Test
    void withoutAnElectionNobodyLeadsAndTheNewestEpochStaysKnown() throws IOException {
        Candidacy only = controllers.start("c1");
        until(only::isLeader);
        ElectedLeadership leadership = ControllerFixture.leadership(only);
        assertThat(leadership.isLeader()).isTrue();
        assertThat(leadership.epoch()).isEqualTo(1);

        leadership.unbindCandidacy(only);

        assertThat(leadership.isLeader()).isFalse();
        assertThat(leadership.epoch()).isEqualTo(1);
        assertThat(new LeadershipCheck(leadership).execute().getStatus()).isEqualTo(Result.Status.OK);
    }

    private boolean isRemoved(Candidacy controller) {
        try {
            controller.remove(controller.self(), () -> {});
            return true;
        } catch (FactoryException early) {
            return early.code() == ErrorCode.NOT_FOUND;
        }
    }

    private static boolean follows(Candidacy follower, Candidacy leader) {
        return follower.standing().leader().equals(Optional.of(leader.self())) && !follower.isLeader();
    }

    private static Result check(Candidacy candidacy) {
        return new LeadershipCheck(ControllerFixture.leadership(candidacy)).execute();
    }

    private VoteAnswer ask(AgentAddress from, Candidacy voter) throws Exception {
        return answer(controllers
                .network
                .of(from)
                .call(voter.self(), "leadership.vote", new VoteRequest(100, false), VoteAnswer.class, PATIENCE));
    }

    private RenewAnswer renew(AgentAddress from, Candidacy follower) throws Exception {
        return answer(controllers
                .network
                .of(from)
                .call(follower.self(), "leadership.renew", new RenewRequest(100), RenewAnswer.class, PATIENCE));
    }

    private static <T> T answer(CompletableFuture<T> call) throws Exception {
        return call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static ErrorCode code(Throwable failure) {
        return failure.getCause() instanceof FactoryException refusal ? refusal.code() : ErrorCode.INTERNAL;
    }

    /** Waits, and looks all the while that there are no two leaders. */
    private void until(BooleanSupplier condition) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            assertThat(controllers.leading()).hasSizeLessThanOrEqualTo(1);
            return condition.getAsBoolean();
        });
    }

    /** Takes nothing. */
    private static final class FullLedger implements Ledger {
        private volatile int refused;

        @Override
        public synchronized String record(AuditEvent event) {
            refused++;
            throw new FactoryException(ErrorCode.OVERLOADED, "The ledger is full.");
        }

        @Override
        public String record(AuditEvent event, UsageEntry usage, Optional<Transcript> transcript) {
            return record(event);
        }

        @Override
        public void flush() {
            // There is nothing.
        }

        @Override
        public long tokensUsed(String project, Instant since) {
            return 0;
        }
    }
}
