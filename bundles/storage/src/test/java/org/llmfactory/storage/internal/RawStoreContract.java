package org.llmfactory.storage.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.storage.testing.ObjectStoreContract;

/** What every {@link RawStore} must do besides. */
abstract class RawStoreContract extends ObjectStoreContract {
    @Override
    protected abstract RawStore store();

    @Test
    void aBlobIsOpenedAtItsHeadAndAnOffset() throws IOException {
        put("k", "0123456789");

        assertOpened("012", "3456789", 3);
        assertOpened("012", "789", 7);
        assertOpened("012", "", 10);
        assertOpened("012", "", 999);
        assertThat(store().open("nothing", 3, 3)).isEmpty();
        assertThat(store().open("nothing", 3, 7)).isEmpty();
    }

    @Test
    void aBlobMayBeShorterThanItsHead() throws IOException {
        for (String content : new String[] {"", "01"}) {
            put("k", content);
            for (long offset : new long[] {3, 7}) {
                RawStore.Opened opened = store().open("k", 3, offset).orElseThrow();
                assertThat(UTF_8.decode(opened.head()).toString()).isEqualTo(content);
                assertThat(opened.size()).isEqualTo(content.length());
                assertThat(text(opened.rest())).isEmpty();
            }
        }
    }

    @Test
    void whatIsThereIsNotReplacedByAPutIfAbsent() throws IOException {
        assertThat(store().putIfAbsent("a/k", new byte[] {'1'})).isTrue();
        assertThat(store().putIfAbsent("a/k", new byte[] {'2'})).isFalse();
        assertThat(read("a/k", 0)).isEqualTo("1");

        assertThat(store().delete("a/k")).isTrue();
        assertThat(store().putIfAbsent("a/k", new byte[] {'3'})).isTrue();
        assertThat(read("a/k", 0)).isEqualTo("3");
    }

    private void assertOpened(String head, String rest, long offset) throws IOException {
        RawStore.Opened opened = store().open("k", head.length(), offset).orElseThrow();
        assertThat(UTF_8.decode(opened.head()).toString()).isEqualTo(head);
        assertThat(opened.size()).isEqualTo(10);
        assertThat(text(opened.rest())).isEqualTo(rest);
    }

    private static String text(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
