package org.llmfactory.projects.rest.project;

import java.util.Optional;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.KeyOrders;
import org.llmfactory.projects.state.ServiceAccount;
import org.llmfactory.rest.JsonFields;

/** Keys of service accounts: how they are ordered, and who may have a hand in them. */
final class ServiceAccountKeys {
    private static final String DEFAULT_NAME = "Secret Key";

    private final KeyOrders orders;

    ServiceAccountKeys(ApiKeys keys) {
        this.orders = new KeyOrders(keys);
    }

    /**
     * What a request orders.
     *
     * @throws FactoryException for fields that cannot be; {@code PERMISSION_DENIED} for a key that opens more than the one
     *     the caller came with
     */
    ApiKeys.Order order(Caller caller, ServiceAccount account, JsonFields fields) {
        if (fields.flag("publishable", false)) {
            throw fields.invalid("publishable", "a service account's key is secret; a person's may be published");
        }
        return new ApiKeys.Order(
                ApiKey.Kind.SERVICE_ACCOUNT,
                Inputs.optionalName(fields, "name").orElse(DEFAULT_NAME),
                account.id(),
                Optional.of(account.project()),
                orders.scope(caller, fields),
                orders.expiry(caller, fields));
    }

    KeyOrders orders() {
        return orders;
    }

    /**
     * Lets only those who could make somebody an owner of the project have a hand in an owner.
     *
     * @throws FactoryException {@code PERMISSION_DENIED}
     */
    static void checkRank(Caller caller, ServiceAccount account) {
        if (account.role() == ProjectRole.OWNER) {
            AccessPolicy.check(caller, Action.MANAGE_MEMBERS, Resource.project(account.project()));
        }
    }
}
