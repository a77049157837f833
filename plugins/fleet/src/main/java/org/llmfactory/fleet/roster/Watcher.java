package org.llmfactory.fleet.roster;

import org.llmfactory.api.network.Fleet.Member;

/** Hears what happens to agents, at once and from the thread on which it does, so that it must not wait. */
@FunctionalInterface
public interface Watcher {
    void onChange(Change change, Member member);
}
