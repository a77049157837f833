package org.llmfactory.policies.content;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.governance.Classification;
import org.llmfactory.api.governance.ContentClassifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The classifiers that are there now, by name. */
@Component(service = Classifiers.class)
public final class Classifiers {
    private static final Logger LOG = LoggerFactory.getLogger(Classifiers.class);

    private final Map<String, ContentClassifier> classifiers = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addClassifier(ContentClassifier classifier, Map<String, Object> properties) {
        if (properties.get(ContentClassifier.NAME) instanceof String name) {
            classifiers.put(name, classifier);
        } else {
            LOG.warn("A content classifier without the property {} is not used.", ContentClassifier.NAME);
        }
    }

    /** A classifier that is no longer there. */
    public void removeClassifier(ContentClassifier classifier) {
        classifiers.values().removeIf(classifier::equals);
    }

    /** What a classifier makes of a text; empty when there is none of that name or it fails. */
    Optional<Classification> classify(String name, String text) {
        ContentClassifier classifier = classifiers.get(name);
        if (classifier == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(classifier.classify(text));
        } catch (RuntimeException failure) {
            LOG.warn("The content classifier '{}' failed.", name, failure);
            return Optional.empty();
        }
    }
}
