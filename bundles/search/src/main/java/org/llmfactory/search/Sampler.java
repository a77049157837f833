package org.llmfactory.search;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what to try next. The same arguments give the same answer. */
public interface Sampler {
    /**
     * Proposes values.
     *
     * @param space what is searched for, with different names
     * @param trials all so far, those that run too, in the order in which they were proposed
     * @param seed of the search
     */
    Map<String, Double> propose(List<Parameter> space, List<Trial> trials, long seed);

    /** Any values, each as likely as another. */
    static Sampler random() {
        return new RandomSampler();
    }

    /** Values near those that did well, see {@link TpeSampler}. */
    static Sampler tpe() {
        return new TpeSampler();
    }

    /**
     * Checks a space.
     *
     * @throws IllegalArgumentException for one that is empty or has a name twice
     */
    static void check(List<Parameter> space) {
        Set<String> names = new HashSet<>();
        if (space.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to search for");
        }
        for (Parameter parameter : space) {
            if (!names.add(parameter.name())) {
                throw new IllegalArgumentException(parameter.name() + " is there twice");
            }
        }
    }
}
