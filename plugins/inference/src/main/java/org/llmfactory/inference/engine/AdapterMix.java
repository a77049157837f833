package org.llmfactory.inference.engine;

import java.util.Comparator;
import java.util.List;
import org.llmfactory.api.inference.AdapterWeight;

/**
 * The adapters of a request in one canonical form: mixes that compute the same are equal, in whatever order they were
 * written.
 *
 * @param parts by digest, none of weight zero
 */
record AdapterMix(List<AdapterWeight> parts) {
    static AdapterMix of(List<AdapterWeight> adapters) {
        return new AdapterMix(adapters.stream()
                .filter(part -> part.weight() != 0)
                .sorted(Comparator.comparing(AdapterWeight::digest))
                .toList());
    }

    boolean isBase() {
        return parts.isEmpty();
    }
}
