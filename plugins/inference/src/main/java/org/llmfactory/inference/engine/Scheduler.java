package org.llmfactory.inference.engine;

import java.util.ArrayList;
import java.util.List;
import org.llmfactory.inference.engine.Sequence.State;

/**
 * Decides what the next step computes: first a token for every sequence that is generating, then prompts in pieces, then
 * newcomers, within a budget of tokens. When memory runs out, the sequence that came last gives its own back and is
 * computed again later; the one that came first always advances. Confined to the step thread.
 */
final class Scheduler {
    /** A step keeps logits of that many prompt tokens of one sequence at most: each is a row of the vocabulary. */
    private static final int PROMPT_LOGPROB_TOKENS = 64;

    private final EngineLimits limits;
    private final int blockSize;
    private final BlockManager blocks;
    private final AdapterPool adapters;
    private final EngineObserver observer;
    private final FairShare share = new FairShare();
    private final WaitingQueue waiting = new WaitingQueue(share);
    /** In the order in which they came. */
    private final List<Sequence> running = new ArrayList<>();

    Scheduler(EngineLimits limits, int blockSize, BlockManager blocks, AdapterPool adapters, EngineObserver observer) {
        this.limits = limits;
        this.blockSize = blockSize;
        this.blocks = blocks;
        this.adapters = adapters;
        this.observer = observer;
    }

    int waiting() {
        return waiting.size();
    }

    int running() {
        return running.size();
    }

    /** Every sequence that has not ended, the running ones first. */
    List<Sequence> sequences() {
        List<Sequence> all = new ArrayList<>(running);
        waiting.addAllTo(all);
        return all;
    }

    void enqueue(Sequence sequence) {
        share.enter(sequence.tenant());
        waiting.add(sequence);
    }

    Batch schedule(long now) {
        Batch batch = new Batch(limits.maxTokensPerStep(), blockSize);
        decode(batch);
        prefill(batch);
        admit(batch, now);
        return batch;
    }

    /** Takes back all that a sequence holds. */
    void end(Sequence sequence) {
        running.remove(sequence);
        waiting.remove(sequence);
        blocks.release(sequence.table());
        AdapterPin pin = sequence.pin();
        if (pin != null) {
            adapters.release(pin);
            sequence.pin(null);
        }
        share.leave(sequence.tenant());
        sequence.state(State.ENDED);
    }

    /** A sequence has another token. */
    void generated(Sequence sequence) {
        share.charge(sequence.tenant(), FairShare.COMPLETION_TOKEN);
    }

    private void decode(Batch batch) {
        // Preemption takes from the end of the list, so what is in the batch already stays.
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            if (sequence.remaining() == 1 && makeRoom(sequence)) {
                batch.add(sequence, 1);
            }
        }
    }

    private void prefill(Batch batch) {
        for (Sequence sequence : running) {
            if (sequence.remaining() > 1) {
                addPiece(batch, sequence);
            }
        }
    }

    private static void addPiece(Batch batch, Sequence sequence) {
        int count = Math.min(sequence.remaining(), batch.room());
        if (sequence.wantsPromptLogprobs()) {
            count = Math.min(count, PROMPT_LOGPROB_TOKENS);
        }
        if (count > 0) {
            batch.add(sequence, count);
        }
    }

    /** False when the sequence itself had to give way. */
    private boolean makeRoom(Sequence sequence) {
        while (!blocks.grow(sequence.table(), sequence.length())) {
            Sequence youngest = running.get(running.size() - 1);
            preempt(youngest);
            if (youngest == sequence) {
                return false;
            }
        }
        return true;
    }

    private void preempt(Sequence sequence) {
        running.remove(running.size() - 1);
        blocks.release(sequence.table());
        sequence.lose();
        waiting.add(sequence);
        observer.onPreemption();
    }

    private void admit(Batch batch, long now) {
        if (!hasPlace(batch) || waiting.size() == 0) {
            return;
        }
        boolean reserved = isReserved(now);
        boolean mayLoad = true;
        WaitingQueue.Scan scan = waiting.scan();
        for (Sequence next = scan.next(); next != null && hasPlace(batch); next = scan.next()) {
            if (reserved && next.pin() == null && !next.mix().isBase()) {
                continue;
            }
            if (!claimAdapters(next, mayLoad, now)) {
                // Those behind it may use what is there, but not take the room it waits for.
                mayLoad = false;
                continue;
            }
            AdapterPin pin = next.pin();
            if (pin == null || !pin.isReady()) {
                continue;
            }
            next.adaptersReady(now);
            if (!begin(next, now)) {
                return;
            }
            addPiece(batch, next);
        }
    }

    private boolean hasPlace(Batch batch) {
        return running.size() < limits.maxSequences() && batch.room() > 0;
    }

    /**
     * Whether adapter memory is kept for a sequence that was passed over too long. Others could hold their adapters for
     * ever by turns; once none is claimed anew, the running sequences end and there is room.
     */
    private boolean isReserved(long now) {
        WaitingQueue.Scan scan = waiting.scan();
        for (Sequence next = scan.next(); next != null; next = scan.next()) {
            if (next.isStarving(now, limits.starvation())) {
                return !claimAdapters(next, true, now);
            }
        }
        return false;
    }

    /** False when there is no room for the adapters of this sequence at present. */
    private boolean claimAdapters(Sequence sequence, boolean mayLoad, long now) {
        if (sequence.pin() == null) {
            AdapterPin pin = adapters.pin(sequence.mix(), sequence.adapterSizes(), mayLoad)
                    .orElse(null);
            if (pin == null) {
                if (mayLoad) {
                    sequence.passOver(now);
                }
                return false;
            }
            sequence.askAdapters(now);
            sequence.pin(pin);
        }
        return true;
    }

    /** False when there is not enough memory for its tokens. */
    private boolean begin(Sequence sequence, long now) {
        int found = sequence.mayReadCache() ? blocks.reuse(sequence.table(), sequence.tokens(), sequence.length()) : 0;
        int missing = blocks.blocksFor(sequence.length()) - sequence.table().size();
        // The running ones may need a block each soon: better to wait than to be preempted at once.
        boolean fits = running.isEmpty() || missing + running.size() <= blocks.free();
        if (!fits || !blocks.grow(sequence.table(), sequence.length())) {
            blocks.release(sequence.table());
            return false;
        }
        waiting.remove(sequence);
        run(sequence);
        sequence.begin(found, now);
        if (sequence.charge()) {
            share.charge(sequence.tenant(), (long) FairShare.PROMPT_TOKEN * (sequence.length() - found));
        }
        return true;
    }

    private void run(Sequence sequence) {
        int place = running.size();
        while (place > 0 && running.get(place - 1).number() > sequence.number()) {
            place--;
        }
        running.add(place, sequence);
    }
}
