package org.llmfactory.agent.join;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import org.llmfactory.api.agent.Home;

/** What an agent is called when nobody has named it: its host, and a few digits of its own that it keeps in the home. */
public final class AgentNames {
    private static final String FILE = "agent.suffix";
    private static final int LONGEST_HOST = 58;
    private static final int SUFFIX_BYTES = 2;

    private AgentNames() {}

    /** The name of the agent of a home; the same each time. */
    public static String of(Home home) {
        return of(host(), suffix(home.root().resolve(FILE)));
    }

    static String of(String host, String suffix) {
        String first = host.toLowerCase(Locale.ROOT).split("\\.", 2)[0];
        String legal = first.replaceAll("[^a-z0-9-]", "-").replaceFirst("^-+", "");
        String name = legal.length() > LONGEST_HOST ? legal.substring(0, LONGEST_HOST) : legal;
        return (name.isEmpty() ? "agent" : name) + "-" + suffix;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "";
        }
    }

    private static String suffix(Path file) {
        byte[] digits = new byte[SUFFIX_BYTES];
        new SecureRandom().nextBytes(digits);
        try {
            Files.writeString(file, HexFormat.of().formatHex(digits) + "\n", StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException kept) {
            // It has been one for long.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
