package org.llmfactory.ledger.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.database.Secret;

/** The chain as the README describes it to an auditor: changing it breaks every chain there is. */
final class ChainFormatTest {
    private static final byte[] SECRET = HexFormat.of().parseHex("00".repeat(31) + "01");
    private static final ChainKey KEY = new ChainKey(new Secret(SECRET));

    @Test
    void textIsSortedJsonInAscii() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("z", List.of(1, true));
        details.put("a", Map.of("ü", "\u0000"));
        AuditEvent event = new AuditEvent(
                "model.request",
                new Actor(Actor.Kind.API_KEY, "user-1", Optional.of("key_1"), "127.0.0.1"),
                Optional.of("proj_a"),
                Optional.of("chatcmpl-1"),
                details);
        UsageEntry usage = new UsageEntry(
                "completions", "proj_a", "user-1", Optional.of("key_1"), "base", "x", new Usage(10, 4, 5, 1.5));

        String text = EntryText.write(
                new ChainEntry.Link("chain_1", 7, "audit_log-1", 1_700_000_000_123L),
                event,
                EntryText.details(event.details()),
                Optional.of(usage),
                Optional.of("abc"));

        assertThat(text)
                .isEqualTo("{\"actor\":{\"address\":\"127.0.0.1\",\"api_key\":\"key_1\",\"id\":\"user-1\","
                        + "\"kind\":\"api_key\"},\"at\":1700000000123,\"chain\":\"chain_1\","
                        + "\"details\":{\"a\":{\"\\u00FC\":\"\\u0000\"},\"z\":[1,true]},\"id\":\"audit_log-1\","
                        + "\"project\":\"proj_a\",\"resource\":\"chatcmpl-1\",\"sequence\":7,\"transcript\":\"abc\","
                        + "\"type\":\"model.request\",\"usage\":{\"adapters\":\"x\",\"api_key\":\"key_1\","
                        + "\"cached_tokens\":4,\"endpoint\":\"completions\",\"input_tokens\":10,\"model\":\"base\","
                        + "\"output_tokens\":5,\"principal\":\"user-1\",\"project\":\"proj_a\",\"seconds\":1.5}}");
    }

    @Test
    void hashIsHmacOverPreviousHashAndText() throws Exception {
        String previous = "ab".repeat(32);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        mac.update(HexFormat.of().parseHex(previous));
        String expected = HexFormat.of().formatHex(mac.doFinal("{}".getBytes(US_ASCII)));

        assertThat(KEY.hash(previous, "{}")).isEqualTo(expected);
    }

    @Test
    void columnsTakeWhatEveryDatabaseTakes() {
        assertThat(EntryFields.cut("abc", 2)).isEqualTo("ab");
        assertThat(EntryFields.cut("a\ud83d\ude80", 2)).isEqualTo("a");
        assertThat(EntryFields.cut("a\u0000\ud83d", 10)).isEqualTo("a??");
    }
}
