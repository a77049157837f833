package org.llmfactory.leadership.election;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;

/**
 * One controller's part in electing a leader, after Raft (Ongaro and Ousterhout, 2014, §5.2) with its pre-vote and leader
 * lease. Not safe for several threads. Times are the controller's monotonic clock in nanoseconds.
 *
 * <p>Who heard a leader gives nobody else a vote until its patience is over; a lease is shorter than that and counts from
 * before the leader was heard. A vote is on the disk before it is given. Both hold for majorities that share a controller,
 * which {@link Timing#pauseBetweenChanges} sees to; that an epoch has one leader does not even rest on that, since each is
 * claimed in the shared database first.
 *
 * <p>Methods that must write the ballot throw {@code UncheckedIOException} when they cannot, and have then done nothing.
 */
public final class Election {
    private enum Role {
        FOLLOWER,
        /** Asks whether it would be elected. */
        TRIAL,
        CANDIDATE,
        /** Elected; leads while it has a lease. */
        LEADER
    }

    private final AgentAddress self;
    private final Timing timing;
    private final RandomGenerator random;
    private final Ballots ballots;
    private final Outbox outbox;
    private final long startedAt;

    private Ballot ballot;
    private Role role = Role.FOLLOWER;
    private @Nullable AgentAddress leader;
    private View view = View.NONE;
    private long viewReadAt;

    /** The leader this controller heard last, and when: nobody else has its vote for a while. */
    private @Nullable AgentAddress heard;

    private long heardAt;

    /** When to do something about there being no leader. */
    private long deadline;

    private final Set<AgentAddress> supporters = new HashSet<>();

    /** When the last renewal that a controller confirmed was sent. */
    private final Map<AgentAddress, Long> confirmed = new HashMap<>();

    private long electedAt;
    private long renewedAt;
    private boolean claimed;
    private boolean leased;
    private long leaseEnd;

    /**
     * A controller that has just started.
     *
     * @throws IOException when the ballot cannot be read
     */
    public Election(AgentAddress self, Timing timing, RandomGenerator random, Ballots ballots, Outbox outbox, long now)
            throws IOException {
        this.self = self;
        this.timing = timing;
        this.random = random;
        this.ballots = ballots;
        this.outbox = outbox;
        this.startedAt = now;
        this.ballot = ballots.read();
        this.deadline = afterPatience(now);
    }

    /** Where this controller stands. */
    public Standing standing() {
        return new Standing(ballot.epoch(), Optional.ofNullable(leader), leased, leaseEnd);
    }

    /** Whether a controller is one of those that vote, as far as this one knows. */
    public boolean isMember(AgentAddress controller) {
        return view.members().contains(controller);
    }

    /** Time has passed. To be called many times within a renewal. */
    public void tick(long now) {
        if (role == Role.LEADER) {
            if (isLapsed(now)) {
                stepDown(now);
            } else if (now - renewedAt >= timing.renewal().toNanos()) {
                renewAll(now);
            }
        } else if (now - deadline >= 0) {
            leader = null;
            deadline = retry(now);
            if (isMember(self) && isFresh(now) && mayVoteFor(self, now)) {
                role = Role.TRIAL;
                ask(new VoteRequest(ballot.epoch() + 1, true), now);
            }
        }
    }

    /** The list of controllers was read from the shared database, at a time before the reading began. */
    public void seen(View read, long readAt, long now) {
        boolean changed = !read.members().equals(view.members());
        view = read;
        viewReadAt = readAt;
        learn(read.epoch(), now);
        if (role == Role.LEADER) {
            if (!isMember(self)) {
                stepDown(now);
            } else if (changed) {
                renewAll(now);
            }
        } else if (view.isOnly(self)) {
            deadline = now;
        }
    }

    /** Another controller asks for a vote. */
    public VoteAnswer vote(AgentAddress candidate, VoteRequest request, long now) {
        boolean newer = request.epoch() > ballot.epoch();
        boolean repeated = request.epoch() == ballot.epoch()
                && ballot.vote().filter(candidate::equals).isPresent();
        boolean granted = isMember(candidate) && (newer || repeated) && mayVoteFor(candidate, now);
        if (granted && !request.trial()) {
            if (newer) {
                keep(new Ballot(request.epoch(), Optional.of(candidate)));
                follow(null);
            }
            deadline = afterPatience(now);
        }
        return new VoteAnswer(ballot.epoch(), granted);
    }

    /** Another controller says that it leads. */
    public RenewAnswer renew(AgentAddress caller, RenewRequest request, long now) {
        boolean current = request.epoch() >= ballot.epoch();
        boolean another = request.epoch() == ballot.epoch() && leader != null && !leader.equals(caller);
        if (!isMember(caller) || !current || another) {
            return new RenewAnswer(ballot.epoch(), false);
        }
        learn(request.epoch(), now);
        follow(caller);
        hear(caller, now);
        deadline = afterPatience(now);
        return new RenewAnswer(ballot.epoch(), true);
    }

    /** A controller answered a request of ours. */
    public void voteAnswered(AgentAddress voter, VoteRequest request, VoteAnswer answer, long now) {
        learn(answer.epoch(), now);
        boolean asked = switch (role) {
            case TRIAL -> request.trial() && request.epoch() == ballot.epoch() + 1;
            case CANDIDATE -> !request.trial() && request.epoch() == ballot.epoch();
            case FOLLOWER, LEADER -> false;
        };
        if (asked && answer.granted()) {
            supporters.add(voter);
            count(now);
        }
    }

    /** A controller answered a renewal of ours. */
    public void renewAnswered(AgentAddress follower, RenewRequest request, long sentAt, RenewAnswer answer, long now) {
        learn(answer.epoch(), now);
        if (role == Role.LEADER && isLapsed(now)) {
            stepDown(now);
        }
        if (role == Role.LEADER && answer.accepted() && request.epoch() == ballot.epoch()) {
            confirmed.merge(follower, sentAt, (before, sent) -> sent - before > 0 ? sent : before);
            measure(now);
        }
    }

    /** Whether the epoch could be claimed. */
    public void claimed(long epoch, boolean granted, long now) {
        if (role == Role.LEADER && epoch == ballot.epoch()) {
            if (granted) {
                claimed = true;
                measure(now);
            } else {
                stepDown(now);
            }
        }
    }

    private void ask(VoteRequest request, long now) {
        supporters.clear();
        supporters.add(self);
        others().forEach(voter -> outbox.ask(voter, request));
        count(now);
    }

    /** Goes on once a majority is for it. */
    private void count(long now) {
        if (supporters.stream().filter(view.members()::contains).count() < view.majority() || !isFresh(now)) {
            return;
        }
        if (role == Role.TRIAL) {
            keep(new Ballot(ballot.epoch() + 1, Optional.of(self)));
            follow(null);
            role = Role.CANDIDATE;
            deadline = retry(now);
            ask(new VoteRequest(ballot.epoch(), false), now);
        } else if (role == Role.CANDIDATE) {
            follow(self);
            role = Role.LEADER;
            electedAt = now;
            confirmed.clear();
            outbox.claim(ballot.epoch(), view.version());
            renewAll(now);
        }
    }

    private void renewAll(long now) {
        renewedAt = now;
        hear(self, now);
        confirmed.put(self, now);
        RenewRequest request = new RenewRequest(ballot.epoch());
        others().forEach(follower -> outbox.renew(follower, request, now));
        measure(now);
    }

    /** The lease lasts from when the latest of a majority's confirmations was asked for. */
    private void measure(long now) {
        if (!claimed || !isFresh(now) || !isMember(self)) {
            return;
        }
        List<Long> sent = view.members().stream()
                .map(confirmed::get)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing((Long time) -> now - time))
                .toList();
        if (sent.size() >= view.majority()) {
            long end = sent.get(view.majority() - 1) + timing.lease().toNanos();
            if (end - now > 0 && (!leased || end - leaseEnd > 0)) {
                leased = true;
                leaseEnd = end;
            }
        }
    }

    private boolean isLapsed(long now) {
        return leased
                ? now - leaseEnd >= 0
                : now - electedAt >= timing.patience().toNanos();
    }

    private void stepDown(long now) {
        follow(null);
        deadline = retry(now);
    }

    /** Leads nothing itself. */
    private void follow(@Nullable AgentAddress whom) {
        role = Role.FOLLOWER;
        leader = whom;
        claimed = false;
        leased = false;
    }

    private void learn(long epoch, long now) {
        if (epoch > ballot.epoch()) {
            keep(new Ballot(epoch, Optional.empty()));
            if (role == Role.FOLLOWER) {
                leader = null;
            } else {
                stepDown(now);
            }
        }
    }

    private void keep(Ballot next) {
        try {
            ballots.write(next);
        } catch (IOException e) {
            throw new UncheckedIOException("The vote of this controller cannot be kept, so it gives none", e);
        }
        ballot = next;
    }

    private void hear(AgentAddress whom, long now) {
        heard = whom;
        heardAt = now;
    }

    private boolean mayVoteFor(AgentAddress candidate, long now) {
        long patience = timing.patience().toNanos();
        boolean free = heard == null || heard.equals(candidate) || now - heardAt >= patience;
        return free && (now - startedAt >= patience || isAloneFromTheStart(now));
    }

    /**
     * Whom this controller heard before it was started, it does not know, and waits for as long as it would have; unless
     * nobody but itself can have led.
     */
    private boolean isAloneFromTheStart(long now) {
        return view.isOnly(self)
                && isFresh(now)
                && view.leader().filter(last -> !last.equals(self)).isEmpty();
    }

    private boolean isFresh(long now) {
        return now - viewReadAt < timing.viewAge().toNanos() && !view.equals(View.NONE);
    }

    private List<AgentAddress> others() {
        return view.members().stream()
                .filter(member -> !member.equals(self))
                .sorted()
                .toList();
    }

    private long afterPatience(long now) {
        return now + timing.patience().toNanos() + random(timing.spread().toNanos());
    }

    private long retry(long now) {
        return now + timing.answer().toNanos() / 2 + random(timing.spread().toNanos() / 2);
    }

    /** An eighth of the bound at least, so that whoever heard the same as another has run out of patience too. */
    private long random(long bound) {
        return random.nextLong(bound / 8, bound);
    }
}
