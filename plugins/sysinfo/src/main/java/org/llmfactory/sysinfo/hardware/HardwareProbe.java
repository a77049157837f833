package org.llmfactory.sysinfo.hardware;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentReport.Gpu;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hardware and load. Until {@link #look} has been called, it knows what Java knows; where the native library cannot be
 * loaded, that stays so.
 */
@Component(service = HardwareProbe.class)
public final class HardwareProbe {
    private static final Logger log = LoggerFactory.getLogger(HardwareProbe.class);

    private final Path home;
    private final JavaMachine java = new JavaMachine();
    private volatile Machine machine = java;
    private volatile List<Gpu> gpus = List.of();

    @Activate
    public HardwareProbe(@Reference Home home) {
        this(home.root());
    }

    HardwareProbe(Path home) {
        this.home = home;
    }

    /** Asks the operating system and the drivers. Takes up to some seconds; to be called in the background. */
    public void look() {
        try {
            machine = new NativeMachine();
            gpus = NvidiaGpus.find(NvidiaGpus.LIBRARY);
        } catch (LinkageError | RuntimeException e) {
            log.warn("The operating system cannot be asked about the hardware; only what Java knows is reported", e);
        }
    }

    /** What the machine has. */
    public AgentReport.Hardware hardware() {
        Machine known = machine;
        return new AgentReport.Hardware(
                known.system(),
                known.processor(),
                Runtime.getRuntime().availableProcessors(),
                known.memoryBytes(),
                disk(FileStore::getTotalSpace),
                gpus);
    }

    /** How busy it is. */
    public AgentReport.Load load() {
        Runtime runtime = Runtime.getRuntime();
        return new AgentReport.Load(
                java.load(),
                machine.memoryFreeBytes(),
                disk(FileStore::getUsableSpace),
                runtime.totalMemory() - runtime.freeMemory());
    }

    private interface Space {
        long of(FileStore store) throws IOException;
    }

    private long disk(Space space) {
        try {
            return Math.max(0, space.of(Files.getFileStore(home)));
        } catch (IOException e) {
            log.debug("The volume of the home does not say how large it is", e);
            return 0;
        }
    }
}
