package org.llmfactory.merger.merge;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How adapters are merged, by the names of PEFT's {@code combination_type}. */
public enum Strategy {
    LINEAR(Space.FACTORS, Pruning.NONE, false),
    CAT(Space.CONCATENATION, Pruning.NONE, false),
    SVD(Space.CHANGES, Pruning.NONE, false),
    TIES(Space.FACTORS, Pruning.MAGNITUDE, true),
    TIES_SVD(Space.CHANGES, Pruning.MAGNITUDE, true),
    DARE_LINEAR(Space.FACTORS, Pruning.RANDOM, false),
    DARE_TIES(Space.FACTORS, Pruning.RANDOM, true),
    DARE_LINEAR_SVD(Space.CHANGES, Pruning.RANDOM, false),
    DARE_TIES_SVD(Space.CHANGES, Pruning.RANDOM, true),
    MAGNITUDE_PRUNE(Space.FACTORS, Pruning.MAGNITUDE, false),
    MAGNITUDE_PRUNE_SVD(Space.CHANGES, Pruning.MAGNITUDE, false);

    private final Space space;
    private final Pruning pruning;
    private final boolean electing;

    Strategy(Space space, Pruning pruning, boolean electing) {
        this.space = space;
        this.pruning = pruning;
        this.electing = electing;
    }

    /** What is merged. */
    public enum Space {
        /** A with A and B with B, all of one rank: a rough approximation. */
        FACTORS,
        /** All matrices beside each other: exact, of the sum of the ranks. */
        CONCATENATION,
        /** The changes themselves, cut off after a rank. */
        CHANGES
    }

    /** What is left out of each adapter first. */
    public enum Pruning {
        NONE,
        /** The smallest values. */
        MAGNITUDE,
        /** Values at random; the others are scaled up. */
        RANDOM
    }

    /** The strategy of a name, for example {@code dare_ties_svd}. */
    public static Optional<Strategy> of(String name) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.wireName().equals(name))
                .findFirst();
    }

    /** All names, for people. */
    public static String wireNames() {
        return Arrays.stream(values()).map(Strategy::wireName).collect(Collectors.joining(", "));
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Space space() {
        return space;
    }

    public Pruning pruning() {
        return pruning;
    }

    /** Whether only values of the prevailing sign count. */
    public boolean isElecting() {
        return electing;
    }
}
