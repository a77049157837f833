package org.llmfactory.models.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** Variables that a loop's body can change for the template around it. */
record Namespace(Map<String, Object> variables) {
    Namespace() {
        this(new HashMap<>());
    }
}
