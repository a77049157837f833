package org.llmfactory.api.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.identity.Visibility;

final class FineTunedNameTest {
    private static final String ID = "0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "ft:tiny:org-llmfactory:haiku:0123456789abcdef, haiku-0123456789abcdef",
        "ft:tiny:org-llmfactory::0123456789abcdef, ft-0123456789abcdef",
        "ft:tiny:org-llmfactory:haiku:0123456789abcdef:ckpt-step-20, haiku-0123456789abcdef-ckpt-step-20",
        "ft:a:b:org-llmfactory:haiku:0123456789abcdef, haiku-0123456789abcdef"
    })
    void eachNameFollowsFromTheOther(String reference, String name) {
        FineTunedName parsed = FineTunedName.parse(reference).orElseThrow();

        assertThat(parsed.adapterName()).isEqualTo(name);
        assertThat(parsed.reference()).isEqualTo(reference);
        assertThat(FineTunedName.of(adapter(name, parsed.base()))).contains(parsed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "haiku",
                "ft:tiny:other:haiku:0123456789abcdef",
                "ft:tiny:org-llmfactory:ft:0123456789abcdef",
                "ft:tiny:org-llmfactory:haiku:0123",
                "ft:tiny:org-llmfactory:haiku:0123456789abcdef:step-1"
            })
    void otherNamesAreNone(String reference) {
        assertThat(FineTunedName.parse(reference)).isEmpty();
    }

    @Test
    void theLongestNameIsANameOfAnAdapter() {
        FineTunedName longest = new FineTunedName("tiny", "a".repeat(29), ID, OptionalInt.of(1_000_000));

        assertThat(longest.adapterName()).hasSizeLessThanOrEqualTo(64);
    }

    private static AdapterInfo adapter(String name, String base) {
        return new AdapterInfo(
                "id", name, "p", "o", Visibility.PROJECT, "d", base, "b", 8, Set.of("q_proj"), 1, Instant.EPOCH);
    }
}
