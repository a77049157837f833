package org.llmfactory.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class Argon2HashTest {
    private static final Argon2Hash.Cost CHEAP = new Argon2Hash.Cost(64, 1, 1);

    @Test
    void hashOfTheReferenceImplementationIsKnown() {
        // echo -n password | argon2 somesalt -id -v 13 -t 2 -m 16 -p 1 -l 32, from the test vectors of
        // phc-winner-argon2.
        Argon2Hash hash = Argon2Hash.parse(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ" + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

        assertThat(hash.matches("password")).isTrue();
        assertThat(hash.matches("Password")).isFalse();
    }

    @Test
    void everyHashHasASaltOfItsOwn() {
        assertThat(Argon2Hash.of("a", CHEAP).format())
                .isNotEqualTo(Argon2Hash.of("a", CHEAP).format());
    }

    @Test
    void writtenHashIsReadAgain() {
        Argon2Hash hash = Argon2Hash.parse(Argon2Hash.of("a", CHEAP).format());

        assertThat(hash.cost()).isEqualTo(CHEAP);
        assertThat(hash.matches("a")).isTrue();
        assertThat(hash.toString()).doesNotContain("$");
    }

    @Test
    void otherKindsAreRefused() {
        assertThatThrownBy(() -> Argon2Hash.parse("$2y$10$abc")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Argon2Hash.parse("")).isInstanceOf(IllegalArgumentException.class);
    }
}
