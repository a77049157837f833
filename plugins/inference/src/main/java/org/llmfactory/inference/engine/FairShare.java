package org.llmfactory.inference.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * How much service each tenant has had, as a virtual token counter (Sheng et al., 2024): who had least is served next.
 *
 * <p>A tenant that comes, or comes back, is lifted to what every tenant present would have had if all had been served at
 * once and equally. So idleness is no credit; and unlike a lift to the least served one, an endless row of newcomers
 * cannot keep an old tenant waiting for ever.
 */
final class FairShare {
    /** What a token costs, computed as part of a prompt. */
    static final int PROMPT_TOKEN = 1;
    /** What a token costs that was generated: a step of its own. */
    static final int COMPLETION_TOKEN = 2;

    private static final class Account {
        double service;
        int sequences;
    }

    private final Map<String, Account> accounts = new HashMap<>();
    private int present;
    private double equalShare;

    /** One more sequence of this tenant is here. */
    void enter(String tenant) {
        Account account = accounts.computeIfAbsent(tenant, any -> new Account());
        if (account.sequences++ == 0) {
            account.service = Math.max(account.service, equalShare);
            present++;
        }
    }

    /** One of its sequences has ended. */
    void leave(String tenant) {
        if (--account(tenant).sequences == 0) {
            present--;
            // Whoever would be lifted anyway need not be remembered.
            accounts.values().removeIf(account -> account.sequences == 0 && account.service <= equalShare);
        }
    }

    void charge(String tenant, long tokens) {
        account(tenant).service += tokens;
        equalShare += (double) tokens / present;
    }

    double service(String tenant) {
        return account(tenant).service;
    }

    private Account account(String tenant) {
        Account account = accounts.get(tenant);
        if (account == null || account.sequences == 0) {
            throw new IllegalStateException("no sequence of tenant " + tenant + " is here");
        }
        return account;
    }
}
