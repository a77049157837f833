package org.llmfactory.itest.plugin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Authenticator;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.options.UrlProvisionOption;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Plugins come, change and go in the container that is shipped, while requests are made. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PluginHotDeployIT {
    private static final String PORT = "org.osgi.service.http.port";
    private static final String PLUGINS = "llmfactory.itest.plugins";
    private static final String RUNTIME_BUNDLE = "llmfactory.itest.runtime.bundle";
    private static final String CERTIFICATE = "llmfactory.itest.certificate";
    private static final String LAUNCHED = "(launcher.ready=true)";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int CLIENTS = 4;

    @Inject
    public PluginManager plugins;

    @Inject
    public Home home;

    // Not used, but nothing answers before it is there.
    @Inject
    public Authenticator authenticator;

    private final HttpClient http = HttpClient.newHttpClient();

    @Configuration
    public Option[] container() throws Exception {
        Path work = Files.createTempDirectory(Path.of("target"), "hot-deploy").toAbsolutePath();
        FeatureJar feature = new FeatureJar(work.resolve("bundles"));
        List<Option> provisioned = new ArrayList<>();
        for (Path jar : feature.bundles()) {
            UrlProvisionOption provision = bundle(jar.toUri().toString());
            provisioned.add(FeatureJar.isFragment(jar) ? provision.noStart() : provision);
        }
        Properties properties = feature.properties();
        properties.stringPropertyNames().stream()
                .filter(name -> !name.startsWith("org.osgi.framework.startlevel") && !name.equals(PORT))
                .forEach(name -> provisioned.add(frameworkProperty(name).value(properties.getProperty(name))));
        Path jars = work.resolve("plugins");
        PluginSignature signature = new PluginSignature(work.resolve("signer"));
        signature.sign(PluginJars.hello(jars, "1.0.0"));
        signature.sign(PluginJars.hello(jars, "2.0.0"));
        signature.sign(PluginJars.hello(jars, "3.0.0", "Import-Package", "org.acme.missing,*"));
        PluginJars.hello(jars, "4.0.0");
        new PluginSignature(work.resolve("stranger")).sign(PluginJars.hello(jars, "5.0.0"));
        Path runtime = Files.copy(feature.bundle("org.llmfactory.rest"), jars.resolve("runtime.jar"));
        return options(
                composite(provisioned.toArray(Option[]::new)),
                junitBundles(),
                frameworkProperty(PORT).value(String.valueOf(freePort())),
                frameworkProperty(Home.PROPERTY).value(work.resolve("home").toString()),
                frameworkProperty(RUNTIME_BUNDLE).value(signature.sign(runtime).toString()),
                frameworkProperty(CERTIFICATE).value(signature.certificate().toString()),
                frameworkProperty(PLUGINS).value(jars.toString()));
    }

    @Before
    public void noPluginIsDeployed() throws Exception {
        BundleContext context = FrameworkUtil.getBundle(PluginHotDeployIT.class).getBundleContext();
        if (context.getServiceReferences(Object.class, LAUNCHED).isEmpty()) {
            // As the launcher does when it has started everything; here Pax Exam is the launcher.
            context.registerService(Object.class, this, FrameworkUtil.asDictionary(Map.of("launcher.ready", "true")));
        }
        plugins.list().stream().filter(PluginInfo::deployed).forEach(plugin -> plugins.undeploy(plugin.symbolicName()));
        await(() -> get("/health").statusCode() == 200);
        await(() -> trust().statusCode() == 200);
    }

    @Test
    public void aDeployedPluginAnswersAndARemovedOneIsGone() throws Exception {
        assertEquals(404, get("/hello").statusCode());

        PluginInfo deployed = plugins.deploy(jar("1.0.0"));
        assertEquals("1.0.0", get("/hello").body());
        assertTrue(deployed.deployed());
        assertTrue(plugins.list().contains(deployed));

        plugins.undeploy(PluginJars.HELLO);
        assertEquals(404, get("/hello").statusCode());
        assertTrue(plugins.list().stream().noneMatch(PluginInfo::deployed));
    }

    @Test
    public void anUpdateUnderLoadFailsNoRequest() throws Exception {
        plugins.deploy(jar("1.0.0"));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<List<String>>> answers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            answers.add(clients.submit(() -> answersUntil(stop)));
        }
        for (int i = 0; i < 3; i++) {
            plugins.deploy(jar("2.0.0"));
            plugins.deploy(jar("1.0.0"));
        }
        stop.set(true);
        clients.shutdown();

        Set<String> seen = new TreeSet<>();
        for (Future<List<String>> answer : answers) {
            seen.addAll(answer.get(DEADLINE.toSeconds(), TimeUnit.SECONDS));
        }
        assertEquals(Set.of("200 1.0.0", "200 2.0.0"), seen);
    }

    @Test
    public void aVersionThatDoesNotResolveLeavesTheOldOneInPlace() throws Exception {
        plugins.deploy(jar("1.0.0"));

        FactoryException refusal = assertThrows(FactoryException.class, () -> plugins.deploy(jar("3.0.0")));

        assertEquals(ErrorCode.CONFLICT, refusal.code());
        assertTrue(refusal.getMessage(), refusal.getMessage().contains("org.acme.missing"));
        assertEquals("1.0.0", get("/hello").body());
    }

    @Test
    public void whatNobodyTrustedHasSignedIsRefusedWithTheReason() throws Exception {
        FactoryException unsigned = assertThrows(FactoryException.class, () -> plugins.deploy(jar("4.0.0")));
        FactoryException strange = assertThrows(FactoryException.class, () -> plugins.deploy(jar("5.0.0")));

        assertEquals(ErrorCode.INVALID_FILE, unsigned.code());
        assertTrue(unsigned.getMessage(), unsigned.getMessage().contains("it is not signed"));
        assertEquals(ErrorCode.INVALID_FILE, strange.code());
        assertTrue(strange.getMessage(), strange.getMessage().contains("is not trusted"));
        assertEquals(404, get("/hello").statusCode());
    }

    @Test
    public void theRuntimeItselfCannotBeReplaced() throws Exception {
        Path runtime = Path.of(property(RUNTIME_BUNDLE));

        FactoryException refusal = assertThrows(FactoryException.class, () -> plugins.deploy(runtime));

        assertEquals(ErrorCode.CONFLICT, refusal.code());
    }

    private List<String> answersUntil(AtomicBoolean stop) throws Exception {
        List<String> answers = new ArrayList<>();
        while (!stop.get()) {
            HttpResponse<String> response = get("/hello");
            answers.add(response.statusCode() + " " + response.body());
        }
        return answers;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> trust() throws Exception {
        HttpRequest request = request("/admin/plugins/signers")
                .header("Content-Type", "application/x-pem-file")
                .POST(BodyPublishers.ofFile(Path.of(property(CERTIFICATE))))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) throws Exception {
        String key = Files.readString(home.administratorKey()).strip();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + property(PORT) + path))
                .header("Authorization", "Bearer " + key)
                .timeout(DEADLINE);
    }

    private static Path jar(String version) {
        return Path.of(property(PLUGINS), "hello-" + version + ".jar");
    }

    private static String property(String name) {
        return FrameworkUtil.getBundle(PluginHotDeployIT.class)
                .getBundleContext()
                .getProperty(name);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.call()) {
            assertTrue("still not so after " + DEADLINE, System.nanoTime() < end);
            Thread.onSpinWait();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
