package org.llmfactory.projects.store;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.projects.state.Difference;
import org.llmfactory.projects.state.Organization;

/**
 * The one way to change something: the change, its audit entries and what follows from it come to be together or not at
 * all, and the news goes out after the commit. Changes come one after the other, on all agents that share the database.
 * Safe for use by several threads.
 */
public final class Changes {
    /** Whether a change may leave the organization or a project without the owner it had. */
    public enum Owners {
        /** It may not: it is refused. */
        KEPT,
        /** It may: what an identity provider says holds. */
        AS_IT_COMES
    }

    private record Made<T>(T result, List<Change.News> news) {
        Made {
            Objects.requireNonNull(news, "news");
        }
    }

    private final OrganizationStore organization;
    private final ChangeFeed feed;
    private final Ledger ledger;
    private final ApiKeys keys;

    public Changes(OrganizationStore organization, ChangeFeed feed, Ledger ledger, ApiKeys keys) {
        this.organization = organization;
        this.feed = feed;
        this.ledger = ledger;
        this.keys = keys;
    }

    /**
     * Changes the organization.
     *
     * @param work given the change in the making and the organization as it is
     * @throws org.llmfactory.api.error.FactoryException {@code CONFLICT} when the last owner would be gone; {@code
     *     OVERLOADED} when the audit log cannot be written
     */
    public <T> T organization(Actor actor, Owners owners, BiFunction<Change, Organization, T> work) {
        organization.now();
        return make(actor, change -> {
            long revision = Revision.ORGANIZATION.advance(change.handle());
            Organization before = organization.at(change.handle(), revision - 1);
            T result = work.apply(change, before);
            Difference difference = new Difference(before, organization.load(change.handle(), revision));
            if (owners == Owners.KEPT) {
                difference.keepOwners();
            }
            follow(change, difference);
            return result;
        });
    }

    /** As {@link #organization(Actor, Owners, BiFunction)}, with the owners kept. */
    public <T> T organization(Actor actor, BiFunction<Change, Organization, T> work) {
        return organization(actor, Owners.KEPT, work);
    }

    /**
     * Changes presets.
     *
     * @param work given the change in the making; it says itself which presets there is news of
     */
    public <T> T presets(Actor actor, Function<Change, T> work) {
        return make(actor, change -> {
            Revision.PRESETS.advance(change.handle());
            return work.apply(change);
        });
    }

    /** Keys of those who are gone are revoked before the commit: should it fail, they have keys too few, not too many. */
    private void follow(Change change, Difference difference) {
        difference.principals().forEach(id -> change.tell(OrganizationStore.PRINCIPALS, id));
        difference.projects().forEach(id -> change.tell(OrganizationStore.PROJECTS, id));
        difference.departures().forEach(gone -> keys.revokeAll(gone.principal(), gone.project(), change.actor()));
        difference.demoted().forEach(id -> revokeAdministratorsKeys(id, change.actor()));
        difference.archived().forEach(project -> keys.revokeProject(project, change.actor()));
    }

    private void revokeAdministratorsKeys(String owner, Actor actor) {
        keys.list(Optional.empty()).stream()
                .filter(key -> key.owner().equals(owner))
                .forEach(key -> keys.revoke(key.id(), actor));
    }

    private <T> T make(Actor actor, Function<Change, T> work) {
        Made<T> made = organization.inTurn(handle -> {
            Change change = new Change(handle, actor);
            T result = work.apply(change);
            change.events().forEach(ledger::record);
            return new Made<>(result, change.news());
        });
        made.news().forEach(news -> feed.publish(news.topic(), news.key()));
        return made.result();
    }
}
