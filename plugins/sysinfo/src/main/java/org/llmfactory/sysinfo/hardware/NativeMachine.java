package org.llmfactory.sysinfo.hardware;

import oshi.SystemInfo;
import oshi.hardware.CentralProcessor.ProcessorIdentifier;
import oshi.hardware.GlobalMemory;
import oshi.software.os.OperatingSystem;

/**
 * What the operating system says through OSHI. Making one takes a moment, and fails with a {@link LinkageError} where the
 * native library that OSHI needs cannot be loaded.
 */
final class NativeMachine implements Machine {
    private final JavaMachine limits = new JavaMachine();
    private final GlobalMemory memory;
    private final String system;
    private final String processor;

    NativeMachine() {
        SystemInfo info = new SystemInfo();
        OperatingSystem running = info.getOperatingSystem();
        ProcessorIdentifier identifier = info.getHardware().getProcessor().getProcessorIdentifier();
        memory = info.getHardware().getMemory();
        system = running.toString() + " (" + System.getProperty("os.arch") + ")";
        processor = identifier.getName().strip();
        if (memory.getTotal() <= 0) {
            throw new IllegalStateException("the operating system does not say how much memory there is");
        }
    }

    @Override
    public String system() {
        return system;
    }

    @Override
    public String processor() {
        return processor;
    }

    @Override
    public long memoryBytes() {
        return isLimited() ? limits.memoryBytes() : memory.getTotal();
    }

    @Override
    public long memoryFreeBytes() {
        return isLimited() ? Math.min(limits.memoryFreeBytes(), memory.getAvailable()) : memory.getAvailable();
    }

    /** Whether a container allows less than the machine has. */
    private boolean isLimited() {
        return limits.memoryBytes() > 0 && limits.memoryBytes() < memory.getTotal();
    }
}
