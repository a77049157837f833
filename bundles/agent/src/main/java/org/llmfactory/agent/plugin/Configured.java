package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/**
 * A change of a plugin that brings its configuration.
 *
 * @param configurations where it goes
 * @param symbolicName of the plugin
 * @param former what it was deployed with so far
 * @param next what it is deployed with now
 * @param watch the proof
 */
public record Configured(
        PluginConfigurations configurations,
        String symbolicName,
        Map<String, Map<String, List<String>>> former,
        Map<String, Map<String, List<String>>> next,
        Watch watch)
        implements Trial {
    /** Looks at a plugin for as long as it must prove itself. */
    public interface Watch {
        /** See {@link Trial#watch}. */
        List<String> faults(Bundle bundle) throws InterruptedException;
    }

    @Override
    public void prepare() throws IOException {
        configurations.exchange(former, next);
    }

    @Override
    public List<String> watch(Bundle bundle) throws InterruptedException {
        return watch.faults(bundle);
    }

    @Override
    public void revert() {
        try {
            configurations.exchange(/* former= */ next, /* next= */ former);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void keep() throws IOException {
        configurations.store(symbolicName, next);
    }
}
