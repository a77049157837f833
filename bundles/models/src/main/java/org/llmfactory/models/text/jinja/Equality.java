package org.llmfactory.models.text.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Whether two nested values are equal, found out within bounds. */
final class Equality {
    private static final int MOST_ELEMENTS = 1_000_000;

    private int elements;

    boolean holds(Object a, Object b) {
        if (++elements > MOST_ELEMENTS) {
            throw new TemplateException("two values are too large to compare");
        }
        if (a instanceof List<?> first && b instanceof List<?> second) {
            return (a instanceof Tuple) == (b instanceof Tuple)
                    && first.size() == second.size()
                    && elements(first, second);
        }
        if (a instanceof Map<?, ?> first && b instanceof Map<?, ?> second) {
            return first.size() == second.size() && entries(first, second);
        }
        return Operators.equal(a, b);
    }

    private boolean elements(List<?> first, List<?> second) {
        Iterator<?> others = second.iterator();
        for (Object element : first) {
            if (!holds(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private boolean entries(Map<?, ?> first, Map<?, ?> second) {
        for (Map.Entry<?, ?> entry : first.entrySet()) {
            Object other = second.get(entry.getKey());
            if (other == null || !holds(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }
}
