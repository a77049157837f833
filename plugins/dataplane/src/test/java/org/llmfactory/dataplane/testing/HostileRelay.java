package org.llmfactory.dataplane.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.testing.InMemoryNetwork.Frame;

/** A relay that loses, repeats, swaps, alters and replays frames, each with a probability; the same for the same seed. */
public final class HostileRelay implements Function<Frame, List<Frame>> {
    private static final int KEPT = 500;

    private final Random random;
    private final List<Frame> seen = new ArrayList<>();
    private double lost;
    private double repeated;
    private double swapped;
    private double altered;
    private double replayed;
    private @Nullable Frame held;

    public HostileRelay(long seed) {
        this.random = new Random(seed);
    }

    public HostileRelay losing(double share) {
        lost = share;
        return this;
    }

    public HostileRelay repeating(double share) {
        repeated = share;
        return this;
    }

    public HostileRelay swapping(double share) {
        swapped = share;
        return this;
    }

    /** Puts altered frames beside or in the place of true ones. */
    public HostileRelay altering(double share) {
        altered = share;
        return this;
    }

    /** Brings frames of the past again. */
    public HostileRelay replaying(double share) {
        replayed = share;
        return this;
    }

    /** The frames that have come by, at most the first few hundred. */
    public synchronized List<Frame> seen() {
        return List.copyOf(seen);
    }

    @Override
    public synchronized List<Frame> apply(Frame frame) {
        if (seen.size() < KEPT) {
            seen.add(frame);
        }
        List<Frame> out = new ArrayList<>();
        if (!chance(lost)) {
            out.add(frame);
        }
        if (chance(repeated)) {
            out.add(frame);
        }
        if (chance(altered)) {
            out.add(random.nextInt(out.size() + 1), alter(frame));
        }
        if (chance(replayed)) {
            out.add(seen.get(random.nextInt(seen.size())));
        }
        return swap(out);
    }

    private List<Frame> swap(List<Frame> out) {
        Frame former = held;
        held = null;
        if (former != null) {
            out.add(former);
        } else if (!out.isEmpty() && chance(swapped)) {
            held = out.remove(out.size() - 1);
        }
        return out;
    }

    /** A bit of the frame is another. */
    private Frame alter(Frame frame) {
        byte[] content = frame.content().clone();
        content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
        return new Frame(frame.lane(), frame.from(), frame.to(), content);
    }

    private boolean chance(double share) {
        return random.nextDouble() < share;
    }
}
