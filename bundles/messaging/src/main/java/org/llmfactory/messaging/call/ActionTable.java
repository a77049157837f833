package org.llmfactory.messaging.call;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.llmfactory.api.network.ActionInfo;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.messaging.control.ActionInfos;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actions that this agent offers: every {@link AgentAction} service that describes itself, and {@code agent.actions}. Of
 * two of one name the first is offered until it goes. Made at once and not for the control plane's sake: some actions need the
 * data plane, which needs the control plane, and could not be bound while that is being made.
 */
@Component(service = ActionTable.class, immediate = true)
public final class ActionTable {
    private static final Logger LOG = LoggerFactory.getLogger(ActionTable.class);

    private final Map<String, Offer> offers = new ConcurrentSkipListMap<>();
    private final Map<AgentAction<?, ?>, ActionInfo> waiting = new ConcurrentHashMap<>();
    private final ActionJson json = new ActionJson();

    /** An action and how it describes itself. */
    record Offer(AgentAction<?, ?> action, ActionInfo info) {}

    @Activate
    public ActionTable() {
        add(new OfferedActions(this));
    }

    /** Offers an action, if it describes itself. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void add(AgentAction<?, ?> action) {
        ActionInfo info;
        try {
            info = ActionInfos.describe(action);
        } catch (RuntimeException e) {
            LOG.error("An action is not offered, since it does not describe itself: {}", e.getMessage(), e);
            return;
        }
        if (offers.putIfAbsent(info.name(), new Offer(action, info)) == null) {
            LOG.info("The action {} is offered", info.name());
        } else {
            waiting.put(action, info);
            LOG.warn("There is an action {} already; the second one waits until it goes", info.name());
        }
    }

    /** Offers it no more. */
    public void remove(AgentAction<?, ?> action) {
        waiting.remove(action);
        offers.values().stream()
                .filter(offer -> offer.action() == action)
                .findFirst()
                .ifPresent(this::withdraw);
        json.forget();
    }

    private void withdraw(Offer offer) {
        String name = offer.info().name();
        if (offers.remove(name, offer)) {
            LOG.info("The action {} is offered no more", name);
        }
        waiting.entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(name))
                .min(Comparator.comparing(entry -> entry.getKey().getClass().getName()))
                .ifPresent(entry -> {
                    waiting.remove(entry.getKey());
                    add(entry.getKey());
                });
    }

    Optional<AgentAction<?, ?>> find(String name) {
        return Optional.ofNullable(offers.get(name)).map(Offer::action);
    }

    List<ActionInfo> infos() {
        return offers.values().stream().map(Offer::info).toList();
    }

    /** The mapper for all actions' records. */
    ActionJson json() {
        return json;
    }
}
