package org.llmfactory.gateway.model;

import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Bounds of a mix.
 *
 * @param maxAdapters adapters in it
 * @param maxWeight largest weight, either sign
 */
record MixRules(int maxAdapters, float maxWeight) {
    /**
     * Checks a mix before its adapters are looked for.
     *
     * @throws FactoryException {@code INVALID_VALUE}
     */
    void check(List<AdapterReference> mix) {
        if (mix.size() > maxAdapters) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "adapters",
                    "Invalid 'adapters': at most " + maxAdapters + " adapters can be mixed, but there are " + mix.size()
                            + ".");
        }
        for (AdapterReference adapter : mix) {
            if (!(Math.abs(adapter.weight()) <= maxWeight)) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        adapter.path(),
                        "Invalid weight of '" + adapter.reference() + "': expected a number from " + -maxWeight + " to "
                                + maxWeight + ".");
            }
        }
    }
}
