package org.llmfactory.launcher.agent;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.llmfactory.launcher.LauncherException;

/**
 * What an agent is told at its start: {@code agent.properties} in its home, if there is one. Each {@code key=value} becomes a
 * system property of the agent, by which the features' configuration can be changed without touching it.
 */
final class AgentProperties {
    private static final String FILE = "agent.properties";
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*");
    /** What the launcher itself says, by option or by the home. */
    private static final Set<String> TAKEN =
            Set.of("llmfactory.home", "launch.storage.dir", "org.osgi.service.http.port");

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private AgentProperties() {}

    /** The arguments of the JVM; none when there is no such file. */
    static List<String> arguments(Path home) {
        Path file = home.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
            if (properties.stringPropertyNames().stream().anyMatch(AgentProperties::isSecret)) {
                requireOwnerOnly(file);
            }
        } catch (IllegalArgumentException e) {
            throw new LauncherException(file + " cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.stringPropertyNames().stream()
                .sorted()
                .map(key -> argument(file, key, properties.getProperty(key)))
                .toList();
    }

    private static String argument(Path file, String key, String text) {
        if (!KEY.matcher(key).matches()) {
            throw new LauncherException(
                    "The key '" + key + "' in " + file + " is none: letters, digits, '.', '_', '-'.");
        }
        if (TAKEN.contains(key)) {
            throw new LauncherException(
                    key + " in " + file + " is set by ./factory itself. Remove it, and use --home or --port.");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new LauncherException(
                    "The text of " + key + " in " + file + " has a line end or another control sign.");
        }
        return "-D" + key + '=' + text;
    }

    /** The name of a file with a password is no secret. */
    private static boolean isSecret(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return name.contains("password") && !name.endsWith("file");
    }

    private static void requireOwnerOnly(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER.containsAll(permissions)) {
            throw new LauncherException(
                    file + " holds a password and can be used by others than its owner. Run: chmod 600 " + file
                            + ". Better, keep the password in a file of its own and name that file.");
        }
    }
}
