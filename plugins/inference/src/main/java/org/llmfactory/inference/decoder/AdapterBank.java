package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/**
 * The adapters of one rank that are in use, side by side in slots, so that one batched product serves them all. An
 * adapter keeps its slot from step to step; one that comes takes the place of one that is not in use, and only it is
 * copied. The slots in use stay close to the front, since the product runs over all up to the last.
 */
final class AdapterBank implements AutoCloseable {
    private static final int SMALLEST_CAPACITY = 4;

    private final ServingProgram program;
    private final Arena parent;
    private final int layers;
    private final int rank;
    private Slots slots;

    /**
     * An empty bank.
     *
     * @param parent memory for the slots
     */
    AdapterBank(ServingProgram program, Arena parent, int layers, int rank) {
        this.program = program;
        this.parent = parent;
        this.layers = layers;
        this.rank = rank;
        this.slots = newSlots(SMALLEST_CAPACITY);
    }

    /**
     * Gives every adapter of a step a slot.
     *
     * @return whether {@link #tensors()} are others than before
     */
    boolean seat(Set<BankedAdapter> active) {
        boolean grown = active.size() > slots.capacity();
        if (grown) {
            slots.close();
            slots = newSlots(Integer.highestOneBit(2 * active.size() - 1));
        }
        int limit = active.size() + active.size() / 4 + 1;
        for (BankedAdapter adapter : active) {
            int slot = slots.indexOf(adapter);
            if (slot < 0 || slot >= limit) {
                slots.move(adapter, slot, slots.lowestWithout(active));
            }
        }
        return grown;
    }

    /** The slot of an adapter of the last {@link #seat}. */
    int slotOf(BankedAdapter adapter) {
        return slots.indexOf(adapter);
    }

    List<Tensor> tensors() {
        return slots.tensors;
    }

    @Override
    public void close() {
        slots.close();
    }

    private Slots newSlots(int capacity) {
        Arena memory = parent.newChild();
        Tensor like = memory.zeros(program.type(), 1);
        List<Tensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            tensors.addAll(program.emptyBank(memory, like, capacity, rank));
        }
        return new Slots(memory, tensors, capacity);
    }

    private final class Slots implements AutoCloseable {
        private final Arena memory;
        private final List<Tensor> tensors;
        private final TensorList list;
        private final @Nullable BankedAdapter[] occupants;

        private Slots(Arena memory, List<Tensor> tensors, int capacity) {
            this.memory = memory;
            this.tensors = tensors;
            this.list = program.listOf(tensors);
            this.occupants = new BankedAdapter[capacity];
        }

        private int capacity() {
            return occupants.length;
        }

        private int indexOf(BankedAdapter adapter) {
            return Arrays.asList(occupants).indexOf(adapter);
        }

        private int lowestWithout(Set<BankedAdapter> active) {
            for (int slot = 0; slot < occupants.length; slot++) {
                Optional<BankedAdapter> occupant = Optional.ofNullable(occupants[slot]);
                if (occupant.filter(active::contains).isEmpty()) {
                    return slot;
                }
            }
            throw new IllegalStateException("more adapters than slots");
        }

        private void move(BankedAdapter adapter, int from, int to) {
            if (from >= 0) {
                occupants[from] = null;
            }
            try (Arena results = memory.newChild()) {
                program.place(results, list, adapter.tensors(), to);
            }
            occupants[to] = adapter;
        }

        @Override
        public void close() {
            list.close();
            memory.close();
        }
    }
}
