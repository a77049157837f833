package org.llmfactory.agent.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.FactoryException;

class JoinTokenTest {
    private static final JoinToken TOKEN = new JoinToken("0123456789abcdef01234567", new byte[32], "ab".repeat(32));

    @Test
    void aTokenReadsBackWhatItWasMadeOf() {
        JoinToken read = JoinToken.parse(" " + TOKEN.text() + "\n");

        assertThat(read.id()).isEqualTo(TOKEN.id());
        assertThat(read.secret()).isEqualTo(TOKEN.secret());
        assertThat(read.network()).isEqualTo(TOKEN.network());
        assertThat(TOKEN.text()).startsWith("lf-join-0123456789abcdef01234567.00");
    }

    @Test
    void aTokenIsSilentAboutItsSecret() {
        assertThat(TOKEN.toString()).isEqualTo("JoinToken[0123456789abcdef01234567]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lf-join-", "lf-join-0123456789abcdef01234567.00.ab", "sk-proj-1"})
    void anythingElseIsNoToken(String text) {
        assertThatThrownBy(() -> JoinToken.parse(text))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("This is no token");
    }

    @Test
    void aRequestIsProvenByItsSecretAndByNothingElse() {
        JoinRequest request = JoinRequest.proven(TOKEN, JoinKind.NODE, "node-1", "csr", "nonce", 1);
        byte[] other = new byte[32];
        other[0] = 1;

        assertThat(request.isProven(TOKEN.secret())).isTrue();
        assertThat(request.isProven(other)).isFalse();
    }

    @Test
    void noPartOfARequestCanMoveIntoAnother() {
        JoinRequest request = JoinRequest.proven(TOKEN, JoinKind.NODE, "node-1", "csr", "nonce", 1);
        JoinRequest shifted =
                new JoinRequest(request.tokenId(), request.kind(), "node-", "1csr", "nonce", 1, request.proof());

        assertThat(shifted.isProven(TOKEN.secret())).isFalse();
    }

    @Test
    void anAnswerAnswersOneRequest() {
        JoinRequest request = JoinRequest.proven(TOKEN, JoinKind.NODE, "node-1", "csr", "nonce", 1);
        JoinRequest other = JoinRequest.proven(TOKEN, JoinKind.NODE, "node-1", "csr", "another nonce", 1);
        Certified certified = new Certified(
                List.of("a"), "r", new NetworkState(List.of("ssl://h:1"), List.of("platform/c"), List.of()));
        JoinAnswer answer = JoinAnswer.proven(TOKEN.secret(), request, "shared/node-1", certified, 2);

        assertThat(answer.isProven(TOKEN.secret(), request)).isTrue();
        assertThat(answer.isProven(TOKEN.secret(), other)).isFalse();
        assertThat(answer.proof()).isNotEqualTo(request.proof());
    }

    @ParameterizedTest
    @CsvSource({
        "Node-7.example.org, node-7-ab12",
        "my_host, my-host-ab12",
        "---, agent-ab12",
        "'', agent-ab12",
        "10.0.0.1, 10-ab12"
    })
    void aHostsNameIsMadeLegal(String host, String name) {
        assertThat(AgentNames.of(host, "ab12")).isEqualTo(name);
    }

    @Test
    void aHostsNameMayBeLong() {
        assertThat(AgentNames.of("a".repeat(100), "ab12")).hasSize(63);
    }

    @Test
    void clocksMayDifferByTwoMinutes() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        Clocks.requireAgreement(now.plusSeconds(120), now);
        Clocks.requireAgreement(now.minusSeconds(120), now);
        assertThatThrownBy(() -> Clocks.requireAgreement(now.plusSeconds(121), now))
                .hasMessageContaining("2 min 1 s ahead of");
        assertThatThrownBy(() -> Clocks.requireAgreement(now.minus(Duration.ofHours(30)), now))
                .hasMessageContaining("30 h 0 min behind");
    }
}
