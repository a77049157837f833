package org.llmfactory.sysinfo.hardware;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What Java itself knows. It sees the limits of a container, but not what could be freed. */
final class JavaMachine implements Machine {
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    @Override
    public String system() {
        return system.getName() + " " + system.getVersion() + " (" + system.getArch() + ")";
    }

    @Override
    public String processor() {
        return "";
    }

    @Override
    public long memoryBytes() {
        return Math.max(0, system.getTotalMemorySize());
    }

    @Override
    public long memoryFreeBytes() {
        return Math.max(0, system.getFreeMemorySize());
    }

    /** Share of all cores that the agent may use which is in use, 0 to 1. */
    double load() {
        double load = system.getCpuLoad();
        return load >= 0 && load <= 1 ? load : 0;
    }
}
