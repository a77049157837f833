package org.llmfactory.api.agent.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Remembers which plugins were deployed; the file name without {@code .jar} is the symbolic name. */
public final class InMemoryPluginManager implements PluginManager {
    private final ConcurrentSkipListMap<String, PluginInfo> plugins = new ConcurrentSkipListMap<>();

    @Override
    public List<PluginInfo> list() {
        return List.copyOf(plugins.values());
    }

    @Override
    public PluginInfo deploy(Path jar) {
        String name = String.valueOf(jar.getFileName());
        if (!name.endsWith(".jar")) {
            throw new FactoryException(ErrorCode.INVALID_FILE, "The file is not a plugin bundle.");
        }
        String symbolicName = name.substring(0, name.length() - ".jar".length());
        PluginInfo plugin = new PluginInfo(symbolicName, "1.0.0", "active", "0".repeat(64), true);
        plugins.put(symbolicName, plugin);
        return plugin;
    }

    @Override
    public void undeploy(String symbolicName) {
        if (plugins.remove(symbolicName) == null) {
            throw new FactoryException(ErrorCode.NOT_FOUND, "There is no plugin '" + symbolicName + "'.");
        }
    }
}
