package org.llmfactory.registry.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.CardSection;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.AdapterObject;
import org.llmfactory.rest.Json;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** All that is known of an adapter: the registry's own entry, and what the sections add that are there at the moment. */
@Component(service = Card.class)
public final class Card {
    private final List<CardSection> sections = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addSection(CardSection section) {
        sections.add(section);
    }

    public void removeSection(CardSection section) {
        sections.remove(section);
    }

    ObjectNode of(AdapterInfo adapter, Caller caller) {
        ObjectNode card = Json.MAPPER.createObjectNode().put("object", "adapter.card");
        card.set("adapter", Json.MAPPER.valueToTree(AdapterObject.of(adapter)));
        sections.stream()
                .sorted(Comparator.comparing(CardSection::name))
                .forEach(section -> section.of(adapter, caller)
                        .ifPresent(content -> card.set(section.name(), Json.MAPPER.valueToTree(content))));
        return card;
    }
}
