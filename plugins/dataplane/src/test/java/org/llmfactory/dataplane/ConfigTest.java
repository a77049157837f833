package org.llmfactory.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigTest {
    @Test
    void theDefaultsAreThoseOfTheReadme() {
        Map<String, Object> defaults = Arrays.stream(Config.class.getDeclaredMethods())
                .filter(method -> method.getReturnType() != String[].class)
                .collect(Collectors.toMap(Method::getName, Method::getDefaultValue));

        assertThat(defaults)
                .hasSize(11)
                .containsEntry("maxStreams", 4096)
                .containsEntry("maxStreamsPerPeer", 256)
                .containsEntry("windowBytes", 1048576)
                .containsEntry("queueBytes", 8388608)
                .containsEntry("dataSilenceSeconds", 30)
                .containsEntry("liveSilenceSeconds", 5)
                .containsEntry("maxFileBytes", 17179869184L)
                .containsEntry("maxFileTransfers", 32)
                .containsEntry("maxTunnels", 32)
                .containsEntry("maxTunnelConnections", 256)
                .containsEntry("tunnelIdleSeconds", 3600);
    }

    @Test
    void noTargetOfTunnelsIsAllowedByDefault() throws Exception {
        assertThat((String[]) Config.class.getMethod("tunnelTargets").getDefaultValue())
                .isEmpty();
    }
}
