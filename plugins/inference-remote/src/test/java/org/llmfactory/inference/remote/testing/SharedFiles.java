package org.llmfactory.inference.remote.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentFiles;
import org.llmfactory.api.network.FileShare;

/** File shares of a network in memory. */
public final class SharedFiles {
    private final Map<AgentAddress, Map<String, FileShare>> shares = new ConcurrentHashMap<>();
    private final List<String> fetched = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<byte[]> way = content -> content;

    public void offer(AgentAddress agent, FileShare share) {
        shares.computeIfAbsent(agent, address -> new ConcurrentHashMap<>()).put(share.name(), share);
    }

    /** What happens to files on the way from now on; it may wait, and it may fail. */
    public void onTheWay(UnaryOperator<byte[]> change) {
        way = change;
    }

    /** Names of the files that were asked for, in order. */
    public List<String> fetched() {
        return List.copyOf(fetched);
    }

    /** As one agent fetches. */
    public AgentFiles of(AgentAddress self) {
        return (from, share, name, target, sha256, deadline) -> fetch(self, from, share, name, target, sha256);
    }

    private void fetch(AgentAddress self, AgentAddress from, String shareName, String name, Path target, String sha256)
            throws IOException {
        fetched.add(shareName + "/" + name);
        FileShare share = shares.getOrDefault(from, Map.of()).get(shareName);
        if (share == null || !self.mayReach(from) || !share.callers().include(self, from)) {
            throw new FactoryException(ErrorCode.NOT_FOUND, "There is no share " + shareName + ".");
        }
        Path file = share.find(self, name)
                .orElseThrow(() -> new FactoryException(ErrorCode.NOT_FOUND, "There is no file " + name + "."));
        byte[] content = way.apply(Files.readAllBytes(file));
        if (!sha256.isEmpty() && !sha256.equals(digest(content))) {
            throw new FactoryException(ErrorCode.INVALID_FILE, "The file " + name + " is not what was asked for.");
        }
        Path incoming = Files.write(target.resolveSibling(target.getFileName() + ".part"), content);
        Files.move(incoming, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
