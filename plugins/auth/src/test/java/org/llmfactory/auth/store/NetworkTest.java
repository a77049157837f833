package org.llmfactory.auth.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.0/25, 192.0.2.127, true",
        "192.0.2.0/25, 192.0.2.128, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, [::1], true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "fe80::/10, fe80::1%eth0, true",
        "127.0.0.0/8, ::ffff:127.0.0.1, true",
        "192.0.2.0/24, example.com, false",
        "192.0.2.0/24, '', false"
    })
    void addressesLieWithinOrNot(String network, String address, boolean within) {
        assertThat(Network.parse(network).orElseThrow().contains(address)).isEqualTo(within);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "192.0.2.0/",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "::/129",
                "256.0.0.1",
                "1.2.3",
                "1",
                "localhost",
                "fe",
                "::g",
                "1.2.3.4/8/8",
                "192.0.2.0/08x",
                ":",
                "12345::"
            })
    void everythingElseIsNone(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Test
    void clientsOfOneBlockAreOne() {
        assertThat(Network.client("2001:db8:1:2::1")).isEqualTo(Network.client("2001:db8:1:2:ffff::9"));
        assertThat(Network.client("2001:db8:1:2::1")).isNotEqualTo(Network.client("2001:db8:1:3::1"));
        assertThat(Network.client("192.0.2.1")).isNotEqualTo(Network.client("192.0.2.2"));
    }
}
