package org.llmfactory.itest.network;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Machines with a network between them: each a network namespace with an address of its own, joined by a bridge that this
 * process can reach them over. Where namespaces are not allowed, all are this machine, each with ports of its own.
 */
final class Machines {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<Machine> machines = new ArrayList<>();
    private final String prefix;
    private final String subnet;
    private final boolean namespaces;

    private Machines(String prefix, String subnet, boolean namespaces) {
        this.prefix = prefix;
        this.subnet = subnet;
        this.namespaces = namespaces;
    }

    static Machines create(int count) throws IOException, InterruptedException {
        int number = ThreadLocalRandom.current().nextInt(1, 250);
        String prefix = "lf" + number + "x" + ThreadLocalRandom.current().nextInt(1000);
        boolean namespaces = ip("link", "add", prefix, "type", "bridge").status() == 0;
        Machines created = new Machines(prefix, "10.213." + number, namespaces);
        try {
            if (namespaces) {
                require("addr", "add", created.subnet + ".254/24", "dev", prefix);
                require("link", "set", prefix, "up");
            }
            for (int i = 1; i <= count; i++) {
                created.machines.add(created.machine(i));
            }
            return created;
        } catch (IOException | InterruptedException | RuntimeException e) {
            created.close();
            throw e;
        }
    }

    /** One of them, counted from 0. */
    Machine get(int index) {
        return machines.get(index);
    }

    List<Machine> all() {
        return List.copyOf(machines);
    }

    private Machine machine(int number) throws IOException, InterruptedException {
        String address = subnet + "." + number;
        String name = prefix + "n" + number;
        if (!namespaces) {
            return new Machine(name, "127.0.0.1", List.of(), List.of(), List.of());
        }
        String here = name + "h";
        require("netns", "add", name);
        require("link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", name);
        require("link", "set", here, "master", prefix);
        require("link", "set", here, "up");
        require("-n", name, "addr", "add", address + "/24", "dev", "eth0");
        require("-n", name, "link", "set", "eth0", "up");
        require("-n", name, "link", "set", "lo", "up");
        return new Machine(
                name,
                address,
                List.of("ip", "netns", "exec", name),
                List.of("ip", "link", "set", here, "down"),
                List.of("ip", "link", "set", here, "up"));
    }

    void close() throws IOException, InterruptedException {
        for (Machine machine : machines) {
            machine.close();
            if (namespaces) {
                ip("link", "del", machine.name() + "h");
                ip("netns", "del", machine.name());
            }
        }
        if (namespaces) {
            ip("link", "del", prefix);
        }
    }

    private static void require(String... arguments) throws IOException, InterruptedException {
        List<String> command = command(arguments);
        Shell.run(DEADLINE, command).orFail(command);
    }

    private static Shell.Result ip(String... arguments) throws IOException, InterruptedException {
        try {
            return Shell.run(DEADLINE, command(arguments));
        } catch (IOException e) {
            // No such program: as when it is not allowed.
            return new Shell.Result(127, "", String.valueOf(e.getMessage()));
        }
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return command;
    }
}
