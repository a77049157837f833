package org.llmfactory.auth.password;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Directory;
import org.llmfactory.api.identity.User;
import org.llmfactory.auth.store.AuthTables;
import org.llmfactory.auth.store.Network;
import org.llmfactory.auth.store.Secrets;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Knows people by their passwords. An unknown address takes as long as a wrong password and gets the same answer; whoever
 * fails often has to wait, and computes nothing meanwhile. Safe for use by several threads.
 */
@Component(service = Passwords.class, configurationPid = "org.llmfactory.auth.passwords")
@Designate(ocd = Passwords.Config.class)
public final class Passwords {
    /** What hashing costs, and what a password must have. */
    @ObjectClassDefinition(name = "LLM Factory: passwords")
    public @interface Config {
        @AttributeDefinition(description = "Characters a new password must have")
        int minimumLength() default 12;

        @AttributeDefinition(description = "Argon2id: kibibytes of memory for one hash")
        int memoryKib() default 19_456;

        @AttributeDefinition(description = "Argon2id: passes over the memory")
        int passes() default 2;

        @AttributeDefinition(description = "Argon2id: lanes of the memory")
        int lanes() default 1;

        @AttributeDefinition(description = "Hashes that are computed at the same time")
        int concurrentHashes() default 2;

        @AttributeDefinition(description = "Seconds that a sign-in waits for its turn")
        int patienceSeconds() default 10;
    }

    /** Failures that are free: for a person from one address, for an address, for a person from anywhere. */
    private static final int FREE_PAIR = 5;

    private static final int FREE_ADDRESS = 20;
    private static final int FREE_ACCOUNT = 100;
    private static final int LONGEST_ADDRESS = 254;

    private final Jdbi jdbi;
    private final Directory directory;
    private final Clock clock;
    private final PasswordRules rules;
    private final Argon2Hash.Cost cost;
    private final HashingGate gate;
    private final Argon2Hash nobodys;
    private final Lockout pairs;
    private final Lockout addresses;
    private final Lockout accounts;

    @Activate
    public Passwords(@Reference AuthTables tables, @Reference Directory directory, Config config) {
        this(tables, directory, config, Clock.systemUTC());
    }

    public Passwords(AuthTables tables, Directory directory, Config config, Clock clock) {
        this.jdbi = tables.jdbi();
        this.directory = directory;
        this.clock = clock;
        this.rules = new PasswordRules(config.minimumLength());
        this.cost = new Argon2Hash.Cost(config.memoryKib(), config.passes(), config.lanes());
        this.gate = new HashingGate(config.concurrentHashes(), Duration.ofSeconds(config.patienceSeconds()));
        this.nobodys = Argon2Hash.of(Secrets.secret(), cost);
        this.pairs = new Lockout(FREE_PAIR, clock);
        this.addresses = new Lockout(FREE_ADDRESS, clock);
        this.accounts = new Lockout(FREE_ACCOUNT, clock);
    }

    /**
     * The person with an address and a password; empty for a wrong one of either.
     *
     * @param client the network address he comes from
     * @throws FactoryException {@code RATE_LIMITED} when he has to wait, {@code OVERLOADED} when too many sign in at once
     */
    public Optional<User> signIn(String email, String password, String client) {
        String account = shortened(email.strip().toLowerCase(Locale.ROOT));
        Guess guess = new Guess(account, Network.client(client));
        checkWait(guess);
        return gate.compute(() -> {
            // Others of the same guesser may have failed while this one waited.
            checkWait(guess);
            Optional<User> user = directory.userByEmail(account);
            boolean right = isPassword(user.map(User::id), password);
            note(guess, right);
            return user.filter(known -> right);
        });
    }

    /** No address is longer, and what is not counted by name shall not fill the memory. */
    private static String shortened(String account) {
        return account.length() <= LONGEST_ADDRESS ? account : account.substring(0, LONGEST_ADDRESS);
    }

    private record Guess(String account, String client) {
        String pair() {
            return account + " " + client;
        }
    }

    private void checkWait(Guess guess) {
        Duration wait =
                longest(pairs.wait(guess.pair()), addresses.wait(guess.client()), accounts.wait(guess.account()));
        if (!wait.isZero()) {
            throw FactoryException.retryLater(
                    ErrorCode.RATE_LIMITED,
                    wait,
                    "Too many attempts failed; wait " + (wait.toSeconds() + 1) + " seconds before the next.");
        }
    }

    private static Duration longest(Duration... waits) {
        return Collections.max(List.of(waits));
    }

    private void note(Guess guess, boolean right) {
        if (right) {
            pairs.succeeded(guess.pair());
            accounts.succeeded(guess.account());
        } else {
            pairs.failed(guess.pair());
            addresses.failed(guess.client());
            accounts.failed(guess.account());
        }
    }

    /** Computes one hash, whether there is somebody to compare it with or not. */
    private boolean isPassword(Optional<String> principal, String password) {
        String given = PasswordRules.normalised(password);
        Optional<Argon2Hash> stored =
                principal.flatMap(id -> jdbi.withHandle(handle -> PasswordTable.find(handle, id)));
        boolean right = stored.orElse(nobodys).matches(given) && stored.isPresent();
        if (right && !stored.get().cost().equals(cost)) {
            Argon2Hash renewed = Argon2Hash.of(given, cost);
            jdbi.useHandle(handle -> PasswordTable.renew(handle, principal.orElseThrow(), stored.get(), renewed));
        }
        return right;
    }

    /** Whether somebody has a password at all. */
    public boolean exists(String principal) {
        return jdbi.withHandle(handle -> PasswordTable.find(handle, principal)).isPresent();
    }

    /** Characters that a new password must have. */
    public int minimumLength() {
        return rules.shortest();
    }

    /**
     * Checks a password that somebody wishes to have, whose address is not known yet.
     *
     * @throws FactoryException {@code INVALID_VALUE} with the reason
     */
    public void check(String password) {
        rules.check(PasswordRules.normalised(password), "");
    }

    /** Gives a person a password that has been checked. */
    public void set(User user, String password) {
        put(user, password, handle -> {});
    }

    private void put(User user, String password, Consumer<Handle> consequences) {
        Argon2Hash hash = gate.compute(() -> Argon2Hash.of(PasswordRules.normalised(password), cost));
        jdbi.useTransaction(handle -> {
            PasswordTable.put(handle, user.id(), hash, clock.instant());
            consequences.accept(handle);
        });
    }

    /**
     * Changes a person's password.
     *
     * @param client the network address he comes from
     * @param consequences what goes with the change, in its transaction, its entry in the ledger last: when that fails, nothing
     *     has changed
     * @throws FactoryException {@code INVALID_VALUE} when the old one is wrong or the new one cannot be taken, {@code
     *     RATE_LIMITED} as {@link #signIn}
     */
    public void change(User user, String old, String password, String client, Consumer<Handle> consequences) {
        rules.check(PasswordRules.normalised(password), user.email());
        if (signIn(user.email(), old, client).isEmpty()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE, "current_password", "This is not your current password.");
        }
        put(user, password, consequences);
    }
}
