package org.llmfactory.api.network.testing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.Fleet;

/** A fleet whose agents say what the test says. */
public final class InMemoryFleet implements Fleet {
    private final Map<AgentAddress, Member> members = new ConcurrentSkipListMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** A report of a machine with four cores, 16 GiB and nothing on it. */
    public static AgentReport idleReport(Map<String, String> labels) {
        return new AgentReport(
                "cpu-node",
                "region",
                Instant.EPOCH,
                labels,
                new AgentReport.Hardware("Linux", "Processor", 4, 16L << 30, 100L << 30, List.of()),
                List.of(),
                List.of(),
                List.of(),
                new AgentReport.Load(0, 12L << 30, 50L << 30, 100 << 20));
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** An agent says something of itself. */
    public void report(AgentAddress address, AgentReport report) {
        change(new Member(address, report, true, Instant.now()));
    }

    /** An agent goes silent. */
    public void silence(AgentAddress address) {
        Member member = members.get(address);
        if (member != null) {
            change(new Member(address, member.report(), false, member.heard()));
        }
    }

    private void change(Member member) {
        members.put(member.address(), member);
        listeners.forEach(listener -> listener.onChange(member));
    }

    @Override
    public List<Member> members() {
        return List.copyOf(members.values());
    }

    @Override
    public Optional<Member> member(AgentAddress address) {
        return Optional.ofNullable(members.get(address));
    }
}
