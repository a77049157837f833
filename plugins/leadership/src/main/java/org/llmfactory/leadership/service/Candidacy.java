package org.llmfactory.leadership.service;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.Membership;
import org.llmfactory.database.Database;
import org.llmfactory.leadership.election.Ballots;
import org.llmfactory.leadership.election.Election;
import org.llmfactory.leadership.election.RenewAnswer;
import org.llmfactory.leadership.election.RenewRequest;
import org.llmfactory.leadership.election.Standing;
import org.llmfactory.leadership.election.Timing;
import org.llmfactory.leadership.election.View;
import org.llmfactory.leadership.election.VoteAnswer;
import org.llmfactory.leadership.election.VoteRequest;
import org.llmfactory.leadership.store.BallotFile;
import org.llmfactory.leadership.store.ControllerRegister;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This controller's part in the election, while it belongs to a network and has a database: a thread that keeps time and one
 * that speaks to the database, so that a slow database holds up no renewal. A service within this bundle.
 */
@Component(service = Candidacy.class, enabled = false)
public final class Candidacy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Candidacy.class);
    private static final long TICKS_PER_RENEWAL = 10;
    private static final long READINGS_PER_AGE = 5;

    private final AgentAddress self;
    private final ControllerRegister register;
    private final Registrar registrar;
    private final LeadershipAudit audit;
    private final ScheduledExecutorService time;
    private final ScheduledExecutorService database;
    private final Election election;
    private final Future<?> ticks;
    private final Future<?> readings;
    private volatile Standing standing;
    private volatile View view = View.NONE;
    private volatile boolean closed;
    private boolean troubled;

    /** @throws IOException when the ballot cannot be read */
    @Activate
    public Candidacy(
            @Reference Home home,
            @Reference Membership membership,
            @Reference ControlPlane plane,
            @Reference Database database,
            @Reference LeadershipAudit audit)
            throws IOException {
        this(
                membership.self(),
                plane,
                new ControllerRegister(database.open("leadership", Candidacy.class)),
                new BallotFile(home.root().resolve("network").resolve("leadership.json")),
                audit,
                Timing.DEFAULT);
    }

    Candidacy(
            AgentAddress self,
            ControlPlane plane,
            ControllerRegister register,
            Ballots ballots,
            LeadershipAudit audit,
            Timing timing)
            throws IOException {
        if (!self.isController()) {
            throw new IllegalStateException(self + " is no controller; only controllers vote. Remove this plugin.");
        }
        this.self = self;
        this.register = register;
        this.registrar = new Registrar(register, self, timing.pauseBetweenChanges(), System::nanoTime);
        this.audit = audit;
        this.time = Executors.newSingleThreadScheduledExecutor(task -> thread(task, "leadership"));
        this.database = Executors.newSingleThreadScheduledExecutor(task -> thread(task, "leadership register"));
        this.election = new Election(
                self,
                timing,
                new SplittableRandom(),
                ballots,
                new ControlPlaneOutbox(plane, timing.answer(), time, this),
                System.nanoTime());
        this.standing = election.standing();
        long renewal = timing.renewal().toNanos();
        this.ticks = time.scheduleAtFixedRate(this::tick, 0, renewal / TICKS_PER_RENEWAL, TimeUnit.NANOSECONDS);
        this.readings = this.database.scheduleWithFixedDelay(
                this::refresh, 0, timing.viewAge().toNanos() / READINGS_PER_AGE, TimeUnit.NANOSECONDS);
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** This controller. */
    public AgentAddress self() {
        return self;
    }

    /** Whether this controller leads now. */
    public boolean isLeader() {
        return !closed && standing.leadsAt(System.nanoTime());
    }

    /** Where it stands. */
    public Standing standing() {
        return standing;
    }

    /** The controllers as they were read last. */
    public View view() {
        return view;
    }

    public ControllerRegister register() {
        return register;
    }

    /** Takes a controller out, see {@link Registrar#remove}. */
    public void remove(AgentAddress controller, Runnable last) {
        registrar.remove(controller, last);
    }

    VoteAnswer vote(AgentAddress candidate, VoteRequest request) {
        return act(() -> election.vote(candidate, request, System.nanoTime()));
    }

    RenewAnswer renew(AgentAddress leader, RenewRequest request) {
        return act(() -> election.renew(leader, request, System.nanoTime()));
    }

    synchronized boolean isMember(AgentAddress controller) {
        return election.isMember(controller);
    }

    void voteAnswered(AgentAddress voter, VoteRequest request, VoteAnswer answer) {
        guard(() -> election.voteAnswered(voter, request, answer, System.nanoTime()));
    }

    void renewAnswered(AgentAddress follower, RenewRequest request, long sentAt, RenewAnswer answer) {
        guard(() -> election.renewAnswered(follower, request, sentAt, answer, System.nanoTime()));
    }

    /** Claims an epoch on the thread of the database. */
    void claim(long epoch, long version) {
        try {
            database.execute(() -> {
                boolean granted = tryClaim(epoch, version);
                guard(() -> election.claimed(epoch, granted, System.nanoTime()));
            });
        } catch (RejectedExecutionException closing) {
            LOG.debug("Epoch {} is not claimed any more", epoch, closing);
        }
    }

    private boolean tryClaim(long epoch, long version) {
        try {
            return register.claim(self, epoch, version, () -> audit.gained(self, epoch));
        } catch (RuntimeException failure) {
            LOG.warn("{} was elected but leads nothing, since epoch {} could not be entered", self, epoch, failure);
            return false;
        }
    }

    private void tick() {
        guard(() -> election.tick(System.nanoTime()));
    }

    private void refresh() {
        long readAt = System.nanoTime();
        try {
            View read = registrar.refresh();
            view = read;
            guard(() -> election.seen(read, readAt, System.nanoTime()));
            troubled = false;
        } catch (RuntimeException failure) {
            if (!troubled) {
                LOG.warn("The controllers cannot be read from the database; {} leads nothing without", self, failure);
            }
            troubled = true;
        }
    }

    /** Nobody hears of a failure of these; the next tick tries again. */
    private void guard(Runnable step) {
        try {
            act(() -> {
                step.run();
                return standing;
            });
        } catch (RuntimeException failure) {
            LOG.error("The election goes on without a step that failed", failure);
        }
    }

    private synchronized <T> T act(Supplier<T> step) {
        try {
            return step.get();
        } finally {
            tell(standing, election.standing());
        }
    }

    private void tell(Standing before, Standing now) {
        standing = now;
        if (now.leads() && !before.leads()) {
            LOG.info("{} leads in epoch {}", self, now.epoch());
        } else if (before.leads() && !now.leads()) {
            LOG.info("{} leads no longer in epoch {}", self, before.epoch());
        }
        if (!now.leader().equals(before.leader())) {
            now.leader()
                    .filter(leader -> !leader.equals(self))
                    .ifPresent(leader -> LOG.info("{} follows {} in epoch {}", self, leader, now.epoch()));
        }
    }

    /** Leads nothing from now on. */
    @Override
    @Deactivate
    public void close() {
        closed = true;
        ticks.cancel(true);
        readings.cancel(true);
        time.shutdownNow();
        database.shutdownNow();
    }
}
