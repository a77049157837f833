package org.llmfactory.agent.plugin;

import java.io.IOException;
import org.llmfactory.api.agent.PluginManager;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Brings the deployed plugins back at boot, once the launcher has started every bundle of the feature. */
@Component(service = PluginRestorer.class, immediate = true)
public final class PluginRestorer {
    @Activate
    public PluginRestorer(
            @Reference(target = "(launcher.ready=true)") Object launcher, @Reference PluginManager plugins)
            throws IOException {
        if (plugins instanceof HotPluginManager manager) {
            manager.restore();
        }
    }
}
