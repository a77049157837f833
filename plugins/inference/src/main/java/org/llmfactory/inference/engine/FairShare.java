package org.llmfactory.inference.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * How much service each tenant has had, as a virtual token counter (Sheng et al., 2024): who had least is served next. A
 * tenant that comes back after a pause is lifted to the least served of those present, so that idleness is no credit.
 */
final class FairShare {
    /** What a token costs, computed as part of a prompt. */
    static final int PROMPT_TOKEN = 1;
    /** What a token costs that was generated: a step of its own. */
    static final int COMPLETION_TOKEN = 2;

    private static final class Account {
        long service;
        int present;
    }

    private final Map<String, Account> accounts = new HashMap<>();
    /** Service of the tenant that left last: what one that comes to an empty house starts with. */
    private long last;

    /** One more sequence of this tenant is here. */
    void enter(String tenant) {
        long least = least();
        Account account = accounts.computeIfAbsent(tenant, any -> new Account());
        if (account.present++ == 0) {
            account.service = Math.max(account.service, least);
        }
    }

    /** One of its sequences has ended. */
    void leave(String tenant) {
        Account account = account(tenant);
        if (--account.present == 0) {
            last = Math.max(last, account.service);
            // Whoever would be lifted anyway need not be remembered.
            long least = least();
            accounts.values().removeIf(other -> other.present == 0 && other.service <= least);
        }
    }

    void charge(String tenant, long tokens) {
        account(tenant).service += tokens;
    }

    long service(String tenant) {
        return account(tenant).service;
    }

    private Account account(String tenant) {
        Account account = accounts.get(tenant);
        if (account == null) {
            throw new IllegalStateException("no sequence of tenant " + tenant + " is here");
        }
        return account;
    }

    private long least() {
        return accounts.values().stream()
                .filter(account -> account.present > 0)
                .mapToLong(account -> account.service)
                .min()
                .orElse(last);
    }
}
