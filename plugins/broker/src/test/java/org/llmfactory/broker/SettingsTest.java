package org.llmfactory.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The configuration: its defaults, and what is refused. */
final class SettingsTest {
    /** The defaults, but for what is given. */
    private static Config config(Map<String, Object> given) {
        Map<String, Object> values = new HashMap<>();
        for (Method method : Config.class.getDeclaredMethods()) {
            values.put(method.getName(), method.getDefaultValue());
        }
        values.putAll(given);
        return (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> values.get(method.getName()));
    }

    @Test
    void defaultsListenOnThisMachineOnly() {
        assertThat(Settings.of(config(Map.of())))
                .isEqualTo(new Settings("127.0.0.1", 61617, "127.0.0.1", 128, 1024, 1000));
    }

    @Test
    void theBrokerAsksForCertificatesAndSpeaksTls13Only() {
        assertThat(Settings.of(config(Map.of())).listen().toString())
                .startsWith("ssl://127.0.0.1:61617?")
                .contains("needClientAuth=true", "enabledProtocols=TLSv1.3", "maximumConnections=1000");
    }

    @Test
    void whatListensEverywhereIsReachedFromHereByLoopback() {
        Settings settings = Settings.of(config(Map.of("host", "0.0.0.0")));

        assertThat(settings.local()).isEqualTo("127.0.0.1");
        assertThat(settings.advertised()).isNotEqualTo("0.0.0.0").isNotBlank();
    }

    @Test
    void theOperatorSaysWhereOthersReachIt() {
        assertThat(Settings.of(config(Map.of("host", "0.0.0.0", "advertisedHost", "broker.example")))
                        .advertised())
                .isEqualTo("broker.example");
    }

    @Test
    void addressesOfTheNewerProtocolGetTheirBrackets() {
        assertThat(Settings.of(config(Map.of("host", "::1"))).listen().getHost())
                .isEqualTo("[::1]");
    }

    @Test
    void nonsenseIsRefusedByName() {
        assertThatThrownBy(() -> Settings.of(config(Map.of("port", 70_000))))
                .hasMessageContaining("port")
                .hasMessageContaining(Config.PID);
        assertThatThrownBy(() -> Settings.of(config(Map.of("host", " ")))).hasMessageContaining("host");
        assertThatThrownBy(() -> Settings.of(config(Map.of("memoryLimitMiB", 1))))
                .hasMessageContaining("memoryLimitMiB");
        assertThatThrownBy(() -> Settings.of(config(Map.of("storeLimitMiB", 1))))
                .hasMessageContaining("storeLimitMiB");
        assertThatThrownBy(() -> Settings.of(config(Map.of("maximumConnections", 0))))
                .hasMessageContaining("maximumConnections");
    }
}
