package org.llmfactory.leadership.service;

import java.util.List;
import org.llmfactory.api.network.Membership;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Turns the election on once this controller belongs to a network. Without one its parts would wait for services that may
 * never come, and the plugin would seem not to start.
 */
@Component(immediate = true)
public final class NetworkSwitch {
    static final List<Class<?>> PARTS = List.of(Candidacy.class, VoteAction.class, RenewAction.class);

    private final ComponentContext context;

    @Activate
    public NetworkSwitch(ComponentContext context) {
        this.context = context;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindMembership(Membership membership) {
        PARTS.forEach(part -> context.enableComponent(part.getName()));
    }

    void unbindMembership(Membership membership) {
        // The parts notice themselves, and go on with the next.
    }
}
