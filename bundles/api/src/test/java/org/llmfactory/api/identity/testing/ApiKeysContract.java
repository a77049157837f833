package org.llmfactory.api.identity.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKey.Kind;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.ApiKeys.Issued;
import org.llmfactory.api.identity.ApiKeys.Order;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.ledger.Actor;

/** What every {@link ApiKeys} does. A provider's test extends it. */
public abstract class ApiKeysContract {
    /** Who acts in these tests. */
    protected static final Actor ACTOR = new Actor(Actor.Kind.SESSION, "user-admin", Optional.empty(), "192.0.2.1");

    /** The provider at hand, the same during one test, without keys at its beginning. */
    protected abstract ApiKeys keys();

    /** The id of the key that a value opens; empty for a wrong, revoked or expired one. */
    protected abstract Optional<String> opened(String value);

    @ParameterizedTest
    @EnumSource(Kind.class)
    protected void issuedKeyIsFoundAndItsValueOpensIt(Kind kind) {
        Issued issued = keys().issue(order(kind), ACTOR);

        ApiKey key = issued.key();
        assertThat(key.id()).matches("key_[0-9a-f]{24}");
        assertThat(key.kind()).isEqualTo(kind);
        assertThat(key.name()).isEqualTo("a name");
        assertThat(key.owner()).isEqualTo("user-1");
        assertThat(key.project()).isEqualTo(order(kind).project());
        assertThat(key.scope()).isEqualTo(order(kind).scope());
        assertThat(key.lastUsed()).isEmpty();
        assertThat(keys().find(key.id())).contains(key);
        assertThat(issued.value()).startsWith(kind.prefix()).hasSizeGreaterThan(40);
        assertThat(opened(issued.value())).contains(key.id());
    }

    @Test
    protected void redactedFormShowsBeginningAndEndOnly() {
        Issued issued = issue("proj_1", "user-1");

        String redacted = issued.key().redacted();
        assertThat(redacted).startsWith("sk-proj-").hasSizeLessThan(24);
        assertThat(redacted).endsWith(issued.value().substring(issued.value().length() - 4));
        assertThat(redacted).doesNotContain(issued.value());
    }

    @Test
    protected void valueIsToldByNothingElse() {
        Issued issued = issue("proj_1", "user-1");

        assertThat(issued.toString()).doesNotContain(issued.value());
        assertThat(issued.key().toString()).doesNotContain(issued.value());
    }

    @Test
    protected void everyBoundOfTheScopeIsKept() {
        KeyScope scope = new KeyScope(
                EnumSet.of(Area.INFERENCE, Area.DATA),
                Optional.of(Set.of("model-a", "model:b")),
                Optional.of(Set.of()),
                List.of("192.0.2.0/24", "2001:db8::/32", "198.51.100.7"),
                List.of(),
                OptionalInt.of(60),
                OptionalLong.of(5_000_000_000L));
        Instant expires = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);

        ApiKey key = keys().issue(
                        new Order(Kind.USER, "n", "user-1", Optional.of("proj_1"), scope, Optional.of(expires)), ACTOR)
                .key();

        ApiKey found = keys().find(key.id()).orElseThrow();
        assertThat(found.scope()).isEqualTo(scope);
        assertThat(found.expires()).contains(expires);
    }

    @Test
    protected void keysOfAProjectAreListedOldestFirst() {
        ApiKey first = issue("proj_1", "user-1").key();
        ApiKey second = issue("proj_1", "user-2").key();
        issue("proj_2", "user-1");
        ApiKey admin = keys().issue(order(Kind.ADMIN), ACTOR).key();

        assertThat(keys().list(Optional.of("proj_1"))).containsExactly(first, second);
        assertThat(keys().list(Optional.empty())).containsExactly(admin);
        assertThat(keys().list(Optional.of("proj_3"))).isEmpty();
    }

    @Test
    protected void revokedKeyIsGone() {
        Issued issued = issue("proj_1", "user-1");
        Issued other = issue("proj_1", "user-1");

        assertThat(keys().revoke(issued.key().id(), ACTOR)).isTrue();

        assertThat(keys().find(issued.key().id())).isEmpty();
        assertThat(opened(issued.value())).isEmpty();
        assertThat(keys().list(Optional.of("proj_1"))).containsExactly(other.key());
        assertThat(keys().revoke(issued.key().id(), ACTOR)).isFalse();
    }

    @Test
    protected void rotatedKeyKeepsItsIdAndBothValuesWorkDuringTheOverlap() {
        Issued issued = issue("proj_1", "user-1");

        Issued rotated =
                keys().rotate(issued.key().id(), Duration.ofHours(1), ACTOR).orElseThrow();

        assertThat(rotated.key().id()).isEqualTo(issued.key().id());
        assertThat(rotated.key().scope()).isEqualTo(issued.key().scope());
        assertThat(rotated.value()).isNotEqualTo(issued.value());
        assertThat(rotated.key().redacted())
                .endsWith(rotated.value().substring(rotated.value().length() - 4));
        assertThat(opened(issued.value())).contains(issued.key().id());
        assertThat(opened(rotated.value())).contains(issued.key().id());
    }

    @Test
    protected void withoutOverlapTheOldValueEndsAtOnce() {
        Issued issued = issue("proj_1", "user-1");

        Issued rotated = keys().rotate(issued.key().id(), Duration.ZERO, ACTOR).orElseThrow();

        assertThat(opened(issued.value())).isEmpty();
        assertThat(opened(rotated.value())).isPresent();
    }

    @Test
    protected void laterOverlapDoesNotLengthenAnEarlierOne() {
        Issued first = issue("proj_1", "user-1");
        String id = first.key().id();
        Issued second = keys().rotate(id, Duration.ofHours(1), ACTOR).orElseThrow();

        keys().rotate(id, Duration.ZERO, ACTOR);

        assertThat(opened(first.value())).isEmpty();
        assertThat(opened(second.value())).isEmpty();
    }

    @Test
    protected void onlyWhatIsThereIsRotatedAndOnlyForSoLong() {
        String id = issue("proj_1", "user-1").key().id();

        assertThat(keys().rotate("key_unknown", Duration.ZERO, ACTOR)).isEmpty();
        assertInvalid(() -> keys().rotate(id, Duration.ofDays(31), ACTOR));
        assertInvalid(() -> keys().rotate(id, Duration.ofSeconds(-1), ACTOR));
    }

    @Test
    protected void keysOfAnOwnerAreRevokedInOneProjectOrEverywhere() {
        Issued here = issue("proj_1", "user-1");
        Issued there = issue("proj_2", "user-1");
        Issued others = issue("proj_1", "user-2");

        keys().revokeAll("user-1", Optional.of("proj_1"), ACTOR);
        assertThat(opened(here.value())).isEmpty();
        assertThat(opened(there.value())).isPresent();

        keys().revokeAll("user-1", Optional.empty(), ACTOR);
        assertThat(opened(there.value())).isEmpty();
        assertThat(opened(others.value())).isPresent();
    }

    @Test
    protected void keysOfAProjectAreRevokedTogether() {
        Issued one = issue("proj_1", "user-1");
        Issued two = issue("proj_1", "user-2");
        Issued other = issue("proj_2", "user-1");

        keys().revokeProject("proj_1", ACTOR);

        assertThat(opened(one.value())).isEmpty();
        assertThat(opened(two.value())).isEmpty();
        assertThat(opened(other.value())).isPresent();
    }

    @Test
    protected void wrongValuesOpenNothing() {
        String value = issue("proj_1", "user-1").value();

        for (String wrong :
                List.of("", "sk-proj-", value + "x", value.substring(1), "key", "'; DROP TABLE api_key; --")) {
            assertThat(opened(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    protected void nameHasOneTo256Characters() {
        assertInvalid(() -> keys().issue(named(""), ACTOR));
        assertInvalid(() -> keys().issue(named(" "), ACTOR));
        assertInvalid(() -> keys().issue(named("n".repeat(257)), ACTOR));
        assertThat(keys().issue(named("ключ-🔑"), ACTOR).key().name()).isEqualTo("ключ-🔑");
        assertThat(keys().issue(named("n".repeat(256)), ACTOR).key().name()).hasSize(256);
    }

    @Test
    protected void expiryThatHasPassedIsRefused() {
        Order order = order(Kind.USER);
        assertInvalid(() -> keys().issue(
                        new Order(
                                order.kind(),
                                order.name(),
                                order.owner(),
                                order.project(),
                                order.scope(),
                                Optional.of(Instant.now().minus(1, ChronoUnit.HOURS))),
                        ACTOR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "example.com", "192.0.2.0 /24", "::g", "all"})
    protected void networkThatIsNoneIsRefused(String network) {
        assertInvalid(() -> keys().issue(scoped(Kind.USER, List.of(network), List.of()), ACTOR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "app.example", "https://app.example/path", "null", "ftp://app.example"})
    protected void originThatIsNoneIsRefused(String origin) {
        assertInvalid(() -> keys().issue(scoped(Kind.PUBLISHABLE, List.of(), List.of(origin)), ACTOR));
    }

    @Test
    protected void onlyPublishableKeysHaveOriginsAndTheyAlwaysDo() {
        assertInvalid(() -> keys().issue(scoped(Kind.PUBLISHABLE, List.of(), List.of()), ACTOR));
        assertInvalid(() -> keys().issue(scoped(Kind.USER, List.of(), List.of("https://app.example")), ACTOR));
    }

    /** Issues a user's key. */
    protected final Issued issue(String project, String owner) {
        Order order = order(Kind.USER);
        return keys().issue(
                        new Order(
                                order.kind(),
                                order.name(),
                                owner,
                                Optional.of(project),
                                order.scope(),
                                Optional.empty()),
                        ACTOR);
    }

    /** A key of {@code user-1} in {@code proj_1}. */
    protected static Order order(Kind kind) {
        boolean publishable = kind == Kind.PUBLISHABLE;
        return scoped(kind, List.of(), publishable ? List.of("https://app.example") : List.of());
    }

    private static Order scoped(Kind kind, List<String> addresses, List<String> origins) {
        KeyScope scope = new KeyScope(
                Set.of(Area.INFERENCE),
                Optional.empty(),
                Optional.empty(),
                addresses,
                origins,
                OptionalInt.empty(),
                OptionalLong.empty());
        Optional<String> project = kind == Kind.ADMIN ? Optional.empty() : Optional.of("proj_1");
        return new Order(kind, "a name", "user-1", project, scope, Optional.empty());
    }

    private static Order named(String name) {
        Order order = order(Kind.USER);
        return new Order(order.kind(), name, order.owner(), order.project(), order.scope(), Optional.empty());
    }

    /** Asserts that something is refused as {@code INVALID_VALUE}. */
    protected static void assertInvalid(ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_VALUE));
    }
}
