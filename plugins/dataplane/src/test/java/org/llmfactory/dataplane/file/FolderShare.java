package org.llmfactory.dataplane.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.FileShare;

/** Files by name. */
final class FolderShare implements FileShare {
    private final String name;
    private final Callers callers;
    private final Map<String, Path> files = new ConcurrentHashMap<>();

    FolderShare(String name, Callers callers) {
        this.name = name;
        this.callers = callers;
    }

    void put(String file, Path path) {
        files.put(file, path);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Callers callers() {
        return callers;
    }

    @Override
    public Optional<Path> find(AgentAddress caller, String file) {
        return Optional.ofNullable(files.get(file));
    }
}
