package org.llmfactory.leadership.election;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.llmfactory.api.network.AgentAddress;

/**
 * Controllers in virtual time: messages that are lost, late and out of order, links and databases that are cut, processes
 * that are killed and that stall, clocks of their own rate. After every single step it looks for two leaders.
 */
final class Simulation {
    /** What may go wrong. */
    record Hazards(double loss, double clockDrift, boolean crashes, boolean lostBallots, boolean changes) {}

    private record Event(long at, long order, Runnable step) {}

    private final Random random;
    private final Hazards hazards;
    private final Timing timing;
    private final List<AgentAddress> addresses = new ArrayList<>();
    private final Map<AgentAddress, Node> nodes = new HashMap<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final Set<Set<AgentAddress>> cutLinks = new HashSet<>();
    private final Set<AgentAddress> cutFromDatabase = new HashSet<>();
    private final Map<Long, AgentAddress> leaders = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private View register;
    private long changedAt;
    private long now;
    private long order;
    private int steps;
    private boolean calm;

    Simulation(long seed, int controllers, Timing timing, Hazards hazards) {
        this.random = new Random(seed);
        this.timing = timing;
        this.hazards = hazards;
        for (int i = 0; i < controllers; i++) {
            addresses.add(new AgentAddress(AgentAddress.PLATFORM, "c" + i));
        }
        register = new View(controllers, Set.copyOf(addresses), 0, Optional.empty());
        addresses.forEach(address -> nodes.put(address, new Node(address)));
        nodes.values().forEach(Node::start);
        later(1_000_000_000L, this::harm);
    }

    AgentAddress address(int index) {
        return addresses.get(index);
    }

    Node node(int index) {
        return node(addresses.get(index));
    }

    private Node node(AgentAddress address) {
        Node node = nodes.get(address);
        if (node == null) {
            throw new IllegalArgumentException(address + " is not simulated");
        }
        return node;
    }

    /** Lets time pass. */
    void run(Duration time) {
        long end = now + time.toNanos();
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event event = events.remove();
            now = event.at();
            event.step().run();
            steps++;
            look();
        }
        now = end;
    }

    /** From now on nothing goes wrong. */
    void heal() {
        calm = true;
        cutLinks.clear();
        cutFromDatabase.clear();
        nodes.values().forEach(node -> node.stalledUntil = now);
        nodes.values().stream().filter(node -> !node.up).forEach(Node::start);
    }

    /** From now on nothing goes wrong but what the test does. */
    void calm() {
        calm = true;
    }

    /** Cuts one off from all others. */
    void isolate(int index) {
        isolate(addresses.get(index));
    }

    private void isolate(AgentAddress victim) {
        addresses.stream().filter(other -> !other.equals(victim)).forEach(other -> cutLinks.add(Set.of(victim, other)));
    }

    void cutFromDatabase(int index) {
        cutFromDatabase.add(addresses.get(index));
    }

    void join(int index) {
        cutLinks.removeIf(link -> link.contains(addresses.get(index)));
        cutFromDatabase.remove(addresses.get(index));
    }

    /** Who leads at this moment by his own clock. */
    List<AgentAddress> leading() {
        return addresses.stream().filter(address -> node(address).leads()).toList();
    }

    List<String> violations() {
        return violations;
    }

    int steps() {
        return steps;
    }

    long newestEpoch() {
        return register.epoch();
    }

    Map<Long, AgentAddress> leaders() {
        return leaders;
    }

    private void look() {
        List<AgentAddress> leading = leading();
        if (leading.size() > 1) {
            violations.add("at " + now + " " + leading + " lead at once");
        }
        for (AgentAddress leader : leading) {
            long epoch = node(leader).epoch();
            AgentAddress other = leaders.putIfAbsent(epoch, leader);
            if (other != null && !other.equals(leader)) {
                violations.add("epoch " + epoch + " has the leaders " + other + " and " + leader);
            }
        }
    }

    private void later(long delay, Runnable step) {
        events.add(new Event(now + delay, order++, step));
    }

    /** Every second or so something happens. */
    private void harm() {
        if (calm) {
            return;
        }
        Node victim = node(random.nextInt(addresses.size()));
        Node other = node(random.nextInt(addresses.size()));
        switch (random.nextInt(8)) {
            case 0 -> isolate(leading().isEmpty() ? victim.address : leading().get(0));
            case 1 -> {
                if (victim != other) {
                    cutLinks.add(Set.of(victim.address, other.address));
                }
            }
            case 2 -> cutLinks.clear();
            case 3 -> cutFromDatabase.add(victim.address);
            case 4 -> cutFromDatabase.clear();
            case 5 -> victim.stalledUntil = now + random.nextLong(4_000_000_000L);
            case 6 -> {
                if (hazards.crashes()) {
                    victim.crash();
                    later(random.nextLong(3_000_000_000L), victim::start);
                }
            }
            case 7 -> change(victim.address);
            default -> throw new IllegalStateException("eight hazards");
        }
        later(random.nextLong(200_000_000L, 1_500_000_000L), this::harm);
    }

    /** Adds or removes a controller, as the registrar would: with a pause, a little longer for a slow clock. */
    private void change(AgentAddress address) {
        if (!hazards.changes() || now - changedAt < timing.pauseBetweenChanges().toNanos()) {
            return;
        }
        Set<AgentAddress> members = new HashSet<>(register.members());
        if (!members.remove(address)) {
            members.add(address);
        }
        if (!members.isEmpty()) {
            register = new View(register.version() + 1, members, register.epoch(), register.leader());
            changedAt = now;
        }
    }

    private boolean isLost(AgentAddress from, AgentAddress to) {
        return cutLinks.contains(Set.of(from, to)) || (!calm && random.nextDouble() < hazards.loss());
    }

    private long delay() {
        long usual = random.nextLong(200_000L, 5_000_000L);
        return !calm && random.nextInt(6) == 0 ? usual + random.nextLong(3_000_000_000L) : usual;
    }

    /** One controller: a process that comes and goes, on a machine with a clock and a disk. */
    final class Node implements Outbox, Ballots {
        private final AgentAddress address;
        private final double rate;
        private final long offset;
        private Ballot disk = Ballot.NONE;
        private Election election;
        private int run;
        private boolean up;
        private long stalledUntil;

        Node(AgentAddress address) {
            this.address = address;
            this.rate = 1 + hazards.clockDrift() * (2 * random.nextDouble() - 1);
            // Some clocks begin just before they wrap around.
            this.offset = random.nextBoolean() ? Long.MAX_VALUE - 20_000_000_000L : random.nextLong(1L << 40);
        }

        private long clock() {
            return offset + (long) (now * rate);
        }

        boolean leads() {
            return up && election.standing().leadsAt(clock());
        }

        long epoch() {
            return election.standing().epoch();
        }

        Ballot disk() {
            return disk;
        }

        boolean isUp() {
            return up;
        }

        void start() {
            if (up) {
                return;
            }
            if (hazards.lostBallots() && random.nextInt(4) == 0) {
                disk = Ballot.NONE;
            }
            try {
                election = new Election(address, timing, random, this, this, clock());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            up = true;
            run++;
            tick(run);
            readRegister(run);
        }

        void crash() {
            up = false;
        }

        /** Does something in this run of the process, once it is not stalled. */
        private void act(int inRun, Runnable step) {
            if (!up || run != inRun) {
                return;
            }
            if (now < stalledUntil) {
                later(stalledUntil - now, () -> act(inRun, step));
            } else {
                step.run();
            }
        }

        private void tick(int inRun) {
            act(inRun, () -> {
                election.tick(clock());
                later(10_000_000L, () -> tick(inRun));
            });
        }

        private void readRegister(int inRun) {
            act(inRun, () -> {
                long readAt = clock();
                if (!cutFromDatabase.contains(address)) {
                    later(random.nextLong(20_000_000L), () -> {
                        View read = register;
                        later(
                                random.nextLong(20_000_000L),
                                () -> act(inRun, () -> election.seen(read, readAt, clock())));
                    });
                }
                later(1_000_000_000L, () -> readRegister(inRun));
            });
        }

        @Override
        public Ballot read() {
            return disk;
        }

        @Override
        public void write(Ballot ballot) {
            boolean again = ballot.epoch() == disk.epoch() && disk.vote().isPresent();
            if (ballot.epoch() < disk.epoch() || again) {
                violations.add(address + " goes from " + disk + " to " + ballot);
            }
            disk = ballot;
        }

        @Override
        public void ask(AgentAddress voter, VoteRequest request) {
            int asking = run;
            exchange(voter, there -> {
                VoteAnswer answer = there.election.vote(address, request, there.clock());
                return () -> act(asking, () -> election.voteAnswered(voter, request, answer, clock()));
            });
        }

        @Override
        public void renew(AgentAddress follower, RenewRequest request, long sentAt) {
            int asking = run;
            exchange(follower, there -> {
                RenewAnswer answer = there.election.renew(address, request, there.clock());
                return () -> act(asking, () -> election.renewAnswered(follower, request, sentAt, answer, clock()));
            });
        }

        @Override
        public void claim(long epoch, long version) {
            int asking = run;
            if (cutFromDatabase.contains(address)) {
                return;
            }
            later(random.nextLong(30_000_000L), () -> {
                boolean granted = register.version() == version && register.epoch() < epoch;
                if (granted) {
                    register = new View(version, register.members(), epoch, Optional.of(address));
                }
                later(random.nextLong(20_000_000L), () -> act(asking, () -> election.claimed(epoch, granted, clock())));
            });
        }

        private void exchange(AgentAddress to, Function<Node, Runnable> question) {
            Node there = node(to);
            later(delay(), () -> {
                if (!isLost(address, to)) {
                    there.act(there.run, () -> {
                        Runnable answer = question.apply(there);
                        later(delay(), () -> {
                            if (!isLost(to, address)) {
                                answer.run();
                            }
                        });
                    });
                }
            });
        }
    }
}
