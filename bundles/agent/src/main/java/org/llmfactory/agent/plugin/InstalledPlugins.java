package org.llmfactory.agent.plugin;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.agent.PluginInfo;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * The framework's bundles, seen as plugins and runtime. A plugin is what was deployed to the running agent, or one of
 * ours that exports nothing; all else is the runtime, which only a restart changes.
 */
final class InstalledPlugins {
    private static final String OURS = "org.llmfactory.";

    private final BundleContext context;
    private final BundleDigests digests = new BundleDigests();

    InstalledPlugins(BundleContext context) {
        this.context = context;
    }

    /** The bundle that runs, or would, under a name: a deployed one hides the one that came with the feature. */
    Optional<Bundle> current(String symbolicName) {
        return named(symbolicName).stream()
                .max(Comparator.comparing(BundleDigests::isDeployed).thenComparing(Bundle::getBundleId));
    }

    /** The plugin of that name that came with the feature. */
    Optional<Bundle> shipped(String symbolicName) {
        return named(symbolicName).stream()
                .filter(bundle -> !BundleDigests.isDeployed(bundle))
                .findFirst();
    }

    boolean isPlugin(Bundle bundle) {
        return BundleDigests.isDeployed(bundle) || isShippedPlugin(bundle);
    }

    private boolean isShippedPlugin(Bundle bundle) {
        return bundle.getSymbolicName() != null
                && bundle.getSymbolicName().startsWith(OURS)
                && bundle.getBundleId() != context.getBundle().getBundleId()
                && bundle.getHeaders().get(Constants.EXPORT_PACKAGE) == null
                && bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null;
    }

    List<PluginInfo> list() {
        return Arrays.stream(context.getBundles())
                .filter(this::isPlugin)
                .map(Bundle::getSymbolicName)
                .distinct()
                .sorted()
                .flatMap(name -> current(name).stream())
                .map(this::info)
                .toList();
    }

    PluginInfo info(Bundle bundle) {
        return new PluginInfo(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                state(bundle.getState()),
                digests.digest(bundle),
                BundleDigests.isDeployed(bundle));
    }

    /** A bundle and everything of ours that uses its services, directly or not, by symbolic name. */
    Set<String> dependents(Bundle bundle) {
        Set<String> found = new HashSet<>();
        collect(bundle, found);
        return found;
    }

    private void collect(Bundle bundle, Set<String> found) {
        String name = bundle.getSymbolicName();
        if (!(isPlugin(bundle) || name.startsWith(OURS)) || !found.add(name)) {
            return;
        }
        for (ServiceReference<?> service : nonNull(bundle.getRegisteredServices())) {
            Bundle[] users = service.getUsingBundles();
            if (users != null) {
                Arrays.stream(users).forEach(user -> collect(user, found));
            }
        }
    }

    private List<Bundle> named(String symbolicName) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .toList();
    }

    static ServiceReference<?>[] nonNull(ServiceReference<?>[] services) {
        return services == null ? new ServiceReference<?>[0] : services;
    }

    private static String state(int state) {
        String name = switch (state) {
            case Bundle.INSTALLED -> "INSTALLED";
            case Bundle.RESOLVED -> "RESOLVED";
            case Bundle.STARTING -> "STARTING";
            case Bundle.STOPPING -> "STOPPING";
            case Bundle.ACTIVE -> "ACTIVE";
            default -> "UNINSTALLED";
        };
        return name.toLowerCase(Locale.ROOT);
    }
}
