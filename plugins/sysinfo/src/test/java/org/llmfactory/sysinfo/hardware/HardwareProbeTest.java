package org.llmfactory.sysinfo.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentReport;

class HardwareProbeTest {
    @TempDir
    Path home;

    @Test
    void whatJavaKnowsIsThereAtOnce() {
        AgentReport.Hardware hardware = new HardwareProbe(home).hardware();

        assertThat(hardware.system()).contains(System.getProperty("os.arch"));
        assertThat(hardware.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(hardware.memoryBytes()).isGreaterThan(Runtime.getRuntime().maxMemory() / 2);
        assertThat(hardware.diskBytes()).isPositive();
        assertThat(hardware.processor()).isEmpty();
    }

    @Test
    void theOperatingSystemKnowsMore() {
        HardwareProbe probe = new HardwareProbe(home);
        probe.look();
        AgentReport.Hardware hardware = probe.hardware();

        assertThat(hardware.processor()).isNotEmpty();
        assertThat(hardware.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(hardware.memoryBytes()).isPositive();
    }

    @Test
    void loadIsWithinWhatThereIs() {
        HardwareProbe probe = new HardwareProbe(home);
        probe.look();
        AgentReport.Hardware hardware = probe.hardware();
        AgentReport.Load load = probe.load();

        assertThat(load.processor()).isBetween(0.0, 1.0);
        assertThat(load.memoryFreeBytes()).isBetween(1L, hardware.memoryBytes());
        assertThat(load.diskFreeBytes()).isBetween(1L, hardware.diskBytes());
        assertThat(load.heapUsedBytes()).isPositive();
    }

    @Test
    void aHomeThatHasGoneHasNoDisk() {
        assertThat(new HardwareProbe(home.resolve("gone")).hardware().diskBytes())
                .isZero();
    }
}
