package org.llmfactory.launcher.agent;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.llmfactory.launcher.LauncherException;

/**
 * Where the built project lies.
 *
 * @param root the project's folder
 */
public record Installation(Path root) {
    /** System property that names the project's folder. */
    public static final String PROPERTY = "llmfactory.root";

    /** The folder that {@code ./factory} names, or the working directory. */
    public static Installation located() {
        return new Installation(
                Path.of(System.getProperty(PROPERTY, "")).toAbsolutePath().normalize());
    }

    /** The runnable jar of a feature. */
    Path featureJar(String feature) {
        Path jar = root.resolve("features").resolve(feature).resolve("target").resolve(feature + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new LauncherException("The feature '" + feature + "' has not been built, or there is none of that"
                    + " name (" + jar + " is missing). Features: all-in-one, controller, cpu-node, gpu-node, debug."
                    + " Build it with: mvn -q package -DskipTests -pl features/" + feature + " -am");
        }
        return jar;
    }

    /** The plugin that measures the network, not signed. */
    public Path networkBench() {
        Path jar = root.resolve("bench").resolve("network").resolve("target").resolve("network-bench.jar");
        if (!Files.isRegularFile(jar)) {
            throw new LauncherException("The measurements of the network have not been built (" + jar
                    + " is missing). Build them with: mvn -q package -DskipTests -pl bench/network -am");
        }
        return jar;
    }

    /** The class path of the program that simulates agents. */
    public String simulatedAgents() {
        Path target = root.resolve("bench").resolve("agents").resolve("target");
        Path jar = target.resolve("simulated-agents.jar");
        if (!Files.isRegularFile(jar)) {
            throw new LauncherException("The simulation of agents has not been built (" + jar
                    + " is missing). Build it with: mvn -q package -DskipTests -pl bench/agents -am");
        }
        return jar + File.pathSeparator + target.resolve("program").resolve("*");
    }

    public Path configuration(String name) {
        return root.resolve("runtime-config").resolve(name);
    }

    /** The command that starts an agent in the foreground. */
    List<String> command(Path home, int port, String feature) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Djava.awt.headless=true",
                // One API bundle embeds a jar with an odd extra field, which newer Java versions complain about.
                "-Djdk.util.zip.disableZip64ExtraFieldValidation=true",
                "-Dllmfactory.home=" + home,
                "-Dlaunch.storage.dir=" + home.resolve("framework"),
                "-Dorg.osgi.service.http.port=" + port,
                "-Dorg.ops4j.pax.logging.StaticLogbackFile=" + configuration("logback.xml"),
                "-jar",
                featureJar(feature).toString());
    }
}
