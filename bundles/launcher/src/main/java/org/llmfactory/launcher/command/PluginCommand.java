package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.path;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Map;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** The plugins of the running agent, who may make them, and those that are ready for other agents. */
@Command(
        name = "plugin",
        description = "Plugins of the running agent and of the repository, and who is trusted to sign them.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory plugin keygen --out ~/signer --name 'Example Ltd'",
            "  ./factory plugin trust ~/signer/signer.pem",
            "  ./factory plugin sign hello.jar --key ~/signer",
            "  ./factory plugin deploy hello.jar"
        },
        subcommands = {PluginKeygenCommand.class, PluginSignCommand.class})
final class PluginCommand extends AdminCommand {
    static final String PATH = "/admin/plugins";
    static final String SIGNERS = PATH + "/signers";
    static final String JAVA_ARCHIVE = "application/java-archive";
    private static final String REPOSITORY = "/admin/repository/plugins";
    private static final String JAR = "JAR";
    private static final String JAR_HELP = "The plugin's bundle, signed.";

    @Command(name = "list", description = "List the plugins of the running agent.")
    int list() throws InterruptedException {
        JsonNode plugins = admin().agent().get(PATH);
        Terminal terminal = terminal();
        plugins.path("data").forEach(plugin -> terminal.say(describe(plugin)));
        terminal.answer(plugins);
        return 0;
    }

    @Command(name = "deploy", description = "Install a plugin, or update it without dropping a request.")
    int deploy(@Parameters(paramLabel = JAR, description = JAR_HELP) Path jar) throws InterruptedException {
        JsonNode plugin = send(PATH, jar);
        return done("Deployed " + describe(plugin), plugin);
    }

    @Command(name = "undeploy", description = "Remove a deployed plugin.")
    int undeploy(@Parameters(paramLabel = "NAME", description = "Its symbolic name.") String name)
            throws InterruptedException {
        return done("Removed " + name, admin().agent().delete(path(PATH, name)));
    }

    @Command(name = "signers", description = "List whose plugins the running agent takes.")
    int signers() throws InterruptedException {
        return new PluginSignersCommand(this).list();
    }

    @Command(
            name = "trust",
            description = "Take plugins that a signer, or those whom an authority vouches for, signed.")
    int trust(@Parameters(paramLabel = "CERTIFICATE", description = "A certificate in PEM.") Path certificate)
            throws InterruptedException {
        return new PluginSignersCommand(this).trust(certificate);
    }

    @Command(name = "distrust", description = "Take no more plugins of a signer; what runs goes on.")
    int distrust(
            @Parameters(paramLabel = "FINGERPRINT", description = "See: ./factory plugin signers") String fingerprint)
            throws InterruptedException {
        return new PluginSignersCommand(this).distrust(fingerprint);
    }

    @Command(
            name = "publish",
            description = "Put a plugin into the repository, from where it can be deployed to agents.")
    int publish(@Parameters(paramLabel = JAR, description = JAR_HELP) Path jar) throws InterruptedException {
        JsonNode plugin = send(REPOSITORY, jar);
        return done(
                "Published " + plugin.path("plugin").asText() + " "
                        + plugin.path("version").asText() + ", digest "
                        + plugin.path("id").asText(),
                plugin);
    }

    @Command(name = "published", description = "List the plugins of the repository.")
    int published() throws InterruptedException {
        return list(
                admin().agent().get(REPOSITORY),
                "plugin",
                "version",
                "signer=signer_name",
                "size",
                "published_at",
                "digest=id");
    }

    @Command(name = "unpublish", description = "Take a plugin that is not deployed out of the repository.")
    int unpublish(@Parameters(paramLabel = "DIGEST", description = "See: ./factory plugin published") String digest)
            throws InterruptedException {
        return done("Removed " + digest, admin().agent().delete(path(REPOSITORY, digest)));
    }

    private JsonNode send(String to, Path jar) throws InterruptedException {
        try {
            return admin().agent().post(to, JAVA_ARCHIVE, BodyPublishers.ofFile(jar));
        } catch (FileNotFoundException e) {
            throw new LauncherException("There is no file " + jar + ".", e);
        }
    }

    /** Says what was done here, without an agent. */
    int done(String what, Map<String, String> answer) {
        terminal().say(what);
        terminal().answer(answer);
        return 0;
    }

    private static String describe(JsonNode plugin) {
        return String.format(
                "%-40s %-20s %-10s %s",
                plugin.path("symbolic_name").asText(),
                plugin.path("version").asText(),
                plugin.path("state").asText(),
                plugin.path("deployed").asBoolean() ? "deployed" : "part of the feature");
    }
}
