package org.llmfactory.dataplane.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentFiles;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.dataplane.Config;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Fetches files of other agents over streams. */
@Component(service = AgentFiles.class, configurationPid = Config.PID)
public final class FileFetcher implements AgentFiles {
    private final DataPlane dataPlane;
    private final long largest;

    @Activate
    public FileFetcher(Config config, @Reference DataPlane dataPlane) {
        this(dataPlane, config.maxFileBytes());
    }

    FileFetcher(DataPlane dataPlane, long largest) {
        this.dataPlane = dataPlane;
        this.largest = largest;
    }

    @Override
    public void fetch(AgentAddress from, String share, String name, Path target, String sha256, Duration deadline)
            throws IOException, InterruptedException {
        new FileFetch(dataPlane, from, share, name, sha256, largest, deadline).to(target);
    }
}
