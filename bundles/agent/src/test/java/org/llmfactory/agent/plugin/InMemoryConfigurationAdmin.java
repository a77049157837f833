package org.llmfactory.agent.plugin;

import java.util.Dictionary;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Configurations in a map. */
public final class InMemoryConfigurationAdmin implements ConfigurationAdmin {
    private final Map<String, Dictionary<String, Object>> configurations = new TreeMap<>();

    /** What holds under a PID; null when nothing does. */
    public Dictionary<String, Object> properties(String pid) {
        return configurations.get(pid);
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid, String location) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Configuration getConfiguration(String pid, String location) {
        return new InMemoryConfiguration(pid);
    }

    @Override
    public Configuration getConfiguration(String pid) {
        return new InMemoryConfiguration(pid);
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name, String location) {
        return new InMemoryConfiguration(factoryPid + "~" + name);
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name) {
        return new InMemoryConfiguration(factoryPid + "~" + name);
    }

    @Override
    public Configuration[] listConfigurations(String filter) {
        return configurations.keySet().stream().map(InMemoryConfiguration::new).toArray(Configuration[]::new);
    }

    private final class InMemoryConfiguration implements Configuration {
        private final String pid;

        InMemoryConfiguration(String pid) {
            this.pid = pid;
        }

        @Override
        public String getPid() {
            return pid;
        }

        @Override
        public Dictionary<String, Object> getProperties() {
            return configurations.get(pid);
        }

        @Override
        public Dictionary<String, Object> getProcessedProperties(ServiceReference<?> reference) {
            return configurations.get(pid);
        }

        @Override
        @SuppressWarnings("unchecked")
        public void update(Dictionary<String, ?> properties) {
            configurations.put(pid, (Dictionary<String, Object>) properties);
        }

        @Override
        public boolean updateIfDifferent(Dictionary<String, ?> properties) {
            boolean different = !properties.equals(configurations.get(pid));
            update(properties);
            return different;
        }

        @Override
        public void delete() {
            configurations.remove(pid);
        }

        @Override
        public String getFactoryPid() {
            return pid.contains("~") ? pid.substring(0, pid.indexOf('~')) : null;
        }

        @Override
        public void update() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setBundleLocation(String location) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getBundleLocation() {
            return "?";
        }

        @Override
        public long getChangeCount() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addAttributes(ConfigurationAttribute... attributes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public java.util.Set<ConfigurationAttribute> getAttributes() {
            return java.util.Set.of();
        }

        @Override
        public void removeAttributes(ConfigurationAttribute... attributes) {
            throw new UnsupportedOperationException();
        }
    }

    /** The PIDs that something holds under. */
    public Stream<String> pids() {
        return configurations.keySet().stream();
    }
}
