package org.llmfactory.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.identity.testing.InMemoryDirectory;
import org.llmfactory.auth.store.Configs;
import org.llmfactory.auth.store.SettableClock;
import org.llmfactory.auth.store.TestTables;

final class PasswordsTest {
    private static final String EMAIL = "ada@example.org";
    private static final String RIGHT = "plover-xenon-42";
    private static final String CLIENT = "192.0.2.1";

    @TempDir
    private Path home;

    private final SettableClock clock = new SettableClock();
    private final InMemoryDirectory directory = new InMemoryDirectory();
    private final User ada = directory.add("user-1", EMAIL, OrganizationRole.READER);
    private TestTables tables;
    private Passwords passwords;

    @BeforeEach
    void open() {
        tables = new TestTables(home);
        passwords = passwords(Map.of());
    }

    /** Cheap hashes, unless the test says otherwise. */
    private Passwords passwords(Map<String, Object> config) {
        Map<String, Object> settings = new HashMap<>(Map.of("memoryKib", 64, "passes", 1));
        settings.putAll(config);
        return new Passwords(tables.get(), directory, Configs.of(Passwords.Config.class, settings), clock);
    }

    @Test
    void rightPasswordSignsIn() {
        passwords.set(ada, RIGHT);

        assertThat(passwords.signIn(EMAIL, RIGHT, CLIENT)).contains(ada);
        assertThat(passwords.signIn(" Ada@Example.org", RIGHT, CLIENT)).contains(ada);
    }

    @Test
    void nothingElseDoes() {
        directory.add("user-2", "bob@example.org", OrganizationRole.OWNER);
        passwords.set(ada, RIGHT);

        assertThat(passwords.signIn(EMAIL, "plover-xenon-43", CLIENT)).isEmpty();
        assertThat(passwords.signIn(EMAIL, "", CLIENT)).isEmpty();
        assertThat(passwords.signIn("bob@example.org", RIGHT, CLIENT)).isEmpty();
        assertThat(passwords.signIn("nobody@example.org", RIGHT, CLIENT)).isEmpty();
    }

    @Test
    void samePasswordTypedOnAnotherKeyboardIsTheSame() {
        passwords.set(ada, "caf\u00e9-caf\u00e9-caf\u00e9");

        assertThat(passwords.signIn(EMAIL, "cafe\u0301-cafe\u0301-cafe\u0301", CLIENT))
                .isPresent();
    }

    @Test
    void onlyTheSaltedHashIsStored() {
        passwords.set(ada, RIGHT);

        assertThat(tables.dump("password_hash"))
                .contains("$argon2id$v=19$m=64,t=1,p=1$")
                .doesNotContain(RIGHT);
    }

    @Test
    void hashIsRenewedAtSignInWhenItsCostHasChanged() {
        passwords.set(ada, RIGHT);
        Passwords dearer = passwords(Map.of("memoryKib", 128));

        assertThat(dearer.signIn(EMAIL, RIGHT, CLIENT)).isPresent();

        assertThat(tables.dump("password_hash")).contains("$m=128,t=1,p=1$");
        assertThat(dearer.signIn(EMAIL, RIGHT, CLIENT)).isPresent();
    }

    @Test
    void afterSomeFailuresEvenTheRightPasswordHasToWait() {
        passwords.set(ada, RIGHT);
        fail(EMAIL, CLIENT, 6);

        assertThatThrownBy(() -> passwords.signIn(EMAIL, RIGHT, CLIENT))
                .isInstanceOfSatisfying(FactoryException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
                    assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
                });

        clock.pass(Duration.ofSeconds(1));
        assertThat(passwords.signIn(EMAIL, RIGHT, CLIENT)).isPresent();
    }

    @Test
    void waitDoublesUpToAQuarterOfAnHour() {
        fail(EMAIL, CLIENT, 6);
        for (long expected : new long[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
            assertThatThrownBy(() -> passwords.signIn(EMAIL, "guess", CLIENT))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            refusal -> assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(expected)));
            clock.pass(Duration.ofSeconds(expected));
            fail(EMAIL, CLIENT, 1);
        }
    }

    @Test
    void guesserElsewhereDoesNotLockItsOwnerOut() {
        passwords.set(ada, RIGHT);
        fail(EMAIL, "203.0.113.5", 6);

        assertThat(passwords.signIn(EMAIL, RIGHT, CLIENT)).isPresent();
    }

    @Test
    void addressThatTriesManyAccountsHasToWait() {
        for (int i = 0; i < 21; i++) {
            fail("person" + i + "@example.org", CLIENT, 1);
        }

        assertWaits(EMAIL, CLIENT);
        assertThat(passwords.signIn(EMAIL, "guess", "203.0.113.5")).isEmpty();
    }

    @Test
    void accountThatManyAddressesTryHasToWait() {
        for (int i = 0; i < 101; i++) {
            fail(EMAIL, "10.0.0." + i, 1);
        }

        assertWaits(EMAIL, CLIENT);
    }

    @Test
    void unknownAccountsWaitLikeKnownOnes() {
        fail("nobody@example.org", CLIENT, 6);

        assertWaits("nobody@example.org", CLIENT);
    }

    @Test
    void thousandConcurrentGuessesComputeFewHashesAndLetNobodyIn() throws Exception {
        passwords.set(ada, RIGHT);
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<Future<String>> outcomes = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String guess = "guess " + i;
                outcomes.add(threads.submit(() -> outcome(guess)));
            }
            Map<String, Integer> counts = new HashMap<>();
            for (Future<String> outcome : outcomes) {
                counts.merge(outcome.get(60, TimeUnit.SECONDS), 1, Integer::sum);
            }

            // Two hashes at a time: the seventh may be under way when the sixth has failed.
            assertThat(counts.get("refused")).isBetween(6, 7);
            assertThat(counts.keySet()).doesNotContain("signed in");
        } finally {
            threads.shutdownNow();
        }
    }

    private String outcome(String guess) {
        try {
            return passwords.signIn(EMAIL, guess, CLIENT).isPresent() ? "signed in" : "refused";
        } catch (FactoryException waits) {
            return waits.code().name();
        }
    }

    @Test
    void unknownAccountTakesAsLongAsAWrongPassword() {
        Passwords real = passwords(Map.of("memoryKib", 8192, "passes", 1));
        real.set(ada, RIGHT);

        // By turns, so that both meet the same other work of the machine.
        List<Long> known = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            known.add(time(real, EMAIL, "198.51.100." + i));
            unknown.add(time(real, "nobody@example.org", "198.51.100." + i));
        }

        assertThat((double) median(unknown) / median(known)).isBetween(0.4, 2.5);
    }

    private static long time(Passwords passwords, String email, String client) {
        long started = System.nanoTime();
        passwords.signIn(email, "guess", client);
        return System.nanoTime() - started;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    @Test
    void changeNeedsTheOldPassword() {
        passwords.set(ada, RIGHT);

        assertThatThrownBy(() -> passwords.change(ada, "something else", "nimbus-quartz-17", CLIENT, handle -> {}))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.parameter()).contains("current_password"));
        assertThat(passwords.signIn(EMAIL, RIGHT, CLIENT)).isPresent();

        passwords.change(ada, RIGHT, "nimbus-quartz-17", CLIENT, handle -> {});
        assertThat(passwords.signIn(EMAIL, RIGHT, CLIENT)).isEmpty();
        assertThat(passwords.signIn(EMAIL, "nimbus-quartz-17", CLIENT)).isPresent();
    }

    @Test
    void changeThatCannotBeEnteredDoesNotHappen() {
        passwords.set(ada, RIGHT);
        String before = tables.dump("password_hash");

        assertThatThrownBy(() -> passwords.change(ada, RIGHT, "nimbus-quartz-17", CLIENT, handle -> {
                    throw new FactoryException(ErrorCode.OVERLOADED, "full");
                }))
                .isInstanceOf(FactoryException.class);

        assertThat(tables.dump("password_hash")).isEqualTo(before);
        assertThat(passwords.signIn(EMAIL, RIGHT, CLIENT)).isPresent();
        assertThat(passwords.signIn(EMAIL, "nimbus-quartz-17", CLIENT)).isEmpty();
    }

    @Test
    void oldPasswordCannotBeGuessedThroughAChange() {
        passwords.set(ada, RIGHT);
        for (int i = 0; i < 6; i++) {
            assertThatThrownBy(() -> passwords.change(ada, "guess", "nimbus-quartz-17", CLIENT, handle -> {}))
                    .isInstanceOf(FactoryException.class);
        }

        assertWaits(EMAIL, CLIENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "elevenchars",
                "aaaaaaaaaaaaaaaa",
                "ababababababab",
                "passwordpassword",
                "PasswordPassword",
                "Password12345!",
                "123456789012",
                "qwertyuiop123",
                "ada@example.org",
                "ada1234567890",
                "my ada@example.org"
            })
    void weakPasswordsAreRefused(String weak) {
        passwords.set(ada, RIGHT);

        assertThatThrownBy(() -> passwords.change(ada, RIGHT, weak, CLIENT, handle -> {}))
                .isInstanceOfSatisfying(FactoryException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_VALUE);
                    assertThat(refusal.parameter()).contains("password");
                    assertThat(refusal.getMessage()).doesNotContain(weak);
                });
    }

    @Test
    void longPasswordsAreTakenUpToABound() {
        passwords.check("ab".repeat(60) + "-correct-");

        assertThatThrownBy(() -> passwords.check("abcde".repeat(60))).isInstanceOf(FactoryException.class);
    }

    @Test
    void personWithoutAPasswordHasNone() {
        assertThat(passwords.exists("user-1")).isFalse();
        assertThat(passwords.signIn(EMAIL, "", CLIENT)).isEqualTo(Optional.empty());
        passwords.set(ada, RIGHT);
        assertThat(passwords.exists("user-1")).isTrue();
    }

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        Passwords.Config config = Configs.of(Passwords.Config.class, Map.of());

        assertThat(config.minimumLength()).isEqualTo(12);
        assertThat(config.memoryKib()).isEqualTo(19456);
        assertThat(config.passes()).isEqualTo(2);
        assertThat(config.lanes()).isEqualTo(1);
        assertThat(config.concurrentHashes()).isEqualTo(2);
    }

    private void fail(String email, String client, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(passwords.signIn(email, "guess " + i, client)).isEmpty();
        }
    }

    private void assertWaits(String email, String client) {
        assertThatThrownBy(() -> passwords.signIn(email, RIGHT, client))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED));
    }
}
