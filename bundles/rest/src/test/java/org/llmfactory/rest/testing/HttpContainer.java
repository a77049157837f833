package org.llmfactory.rest.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/**
 * A Felix container with the HTTP and JAX-RS bundles of the product, on a port of its own. It runs the bundles on the test's
 * class path; the packages of the API come from the test's own class loader, so that a test's fakes can be services.
 */
public final class HttpContainer implements AutoCloseable {
    private static final String API = "org.llmfactory.api";

    private final Framework framework;
    private final Path storage;
    private final int port;

    /**
     * Starts a container.
     *
     * @param fromTheTest symbolic names of bundles whose exported packages the container takes from the test's class loader
     *     too; they do not run in it
     * @param more bundles that are not on the class path
     */
    public HttpContainer(Set<String> fromTheTest, Path... more) throws IOException, BundleException {
        BundlePath classPath = new BundlePath();
        Set<String> given = new LinkedHashSet<>(fromTheTest);
        given.add(API);
        storage = Files.createTempDirectory("http-container");
        port = freePort();
        framework = new FrameworkFactory().newFramework(properties(classPath.exports(given)));
        try {
            start(classPath.locations(given), more);
        } catch (IOException | BundleException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private void start(Collection<String> locations, Path... more) throws IOException, BundleException {
        framework.start();
        List<Bundle> bundles = new ArrayList<>();
        for (String location : locations) {
            bundles.add(context().installBundle(location));
        }
        for (Path bundle : more) {
            bundles.add(context().installBundle(bundle.toUri().toString()));
        }
        // Logging first: until it runs, everything is written out.
        bundles.sort(Comparator.comparing(bundle -> !bundle.getSymbolicName().startsWith("org.ops4j.pax.logging")));
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
    }

    private Map<String, String> properties(String packages) {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, packages);
        properties.put("org.apache.cxf.osgi.http.transport.disable", "true");
        properties.put("org.apache.felix.http.host", "127.0.0.1");
        properties.put("org.osgi.service.http.port", Integer.toString(port));
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
        return properties;
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** A service of a bundle, whose type the container has from the test. */
    public <T> T service(Class<T> type) {
        return type.cast(service(type.getName()));
    }

    private Object service(String type) {
        try {
            ServiceReference<?>[] references = context().getAllServiceReferences(type, null);
            return context().getService(Objects.requireNonNull(references, type)[0]);
        } catch (InvalidSyntaxException noFilter) {
            throw new IllegalStateException(noFilter);
        }
    }

    /** Configures a component. The types of the configuration admin are the container's, so it is called by reflection. */
    public void configure(String pid, Map<String, Object> values) throws ReflectiveOperationException {
        Object admin = service("org.osgi.service.cm.ConfigurationAdmin");
        Object configuration = admin.getClass()
                .getMethod("getConfiguration", String.class, String.class)
                .invoke(admin, pid, null);
        configuration
                .getClass()
                .getMethod("update", Dictionary.class)
                .invoke(configuration, FrameworkUtil.asDictionary(values));
    }

    /** Where a path of this container is. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        try {
            framework.stop();
            framework.waitForStop(10_000);
        } catch (BundleException failure) {
            throw new IOException("the container does not stop", failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        BundlePath.delete(storage);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
