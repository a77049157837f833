package org.llmfactory.inference.remote.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.AdapterRegistry.Label;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentFiles;
import org.llmfactory.inference.remote.wire.AdapterFileNames;
import org.llmfactory.inference.remote.wire.RemoteRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapters that controllers ask for. One that is not registered here is fetched from the controller that asks, once
 * however many requests need it, and registered under its digest: as the platform's own and seen by nobody, since rights
 * are the controllers' business.
 */
final class NodeAdapters {
    private static final Logger log = LoggerFactory.getLogger(NodeAdapters.class);
    private static final Duration LONGEST_FETCH = Duration.ofMinutes(5);

    /** An adapter for a base model: its content may be registered for another base already. */
    private record Need(String digest, String baseDigest) {}

    private final Supplier<Optional<AdapterRegistry>> registry;
    private final AgentFiles files;
    private final Path folder;
    private final Executor fetchers;
    private final Map<Need, CompletableFuture<Void>> fetching = new ConcurrentHashMap<>();

    /**
     * @param registry the present one, if there is one
     * @param folder where files lie until they are registered
     * @param fetchers threads that may wait for files
     */
    NodeAdapters(Supplier<Optional<AdapterRegistry>> registry, AgentFiles files, Path folder, Executor fetchers) {
        this.registry = registry;
        this.files = files;
        this.folder = folder;
        this.fetchers = fetchers;
    }

    /**
     * Completes once every adapter of a request is registered here, or with the reason why one cannot be, within the
     * request's deadline.
     */
    CompletableFuture<?> require(AgentAddress controller, RemoteRequest request) {
        CompletableFuture<?>[] missing = request.adapters().stream()
                .map(digest -> new Need(digest, request.digest()))
                .filter(need -> !isHere(need))
                .map(need -> fetch(controller, request, need))
                .toArray(CompletableFuture[]::new);
        if (missing.length == 0) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(missing)
                .orTimeout(request.request().deadline().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Why adapters are not here, as the controller is told. */
    static FactoryException reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof FactoryException known) {
            return known;
        }
        if (cause instanceof TimeoutException) {
            return new FactoryException(
                    ErrorCode.DEADLINE_EXCEEDED, "The adapter did not reach the node before the deadline.", cause);
        }
        return new FactoryException(ErrorCode.UNAVAILABLE, "The adapter cannot be brought to the node.", cause);
    }

    private boolean isHere(Need need) {
        return present().find(need.digest()).stream()
                .anyMatch(info ->
                        info.digest().equals(need.digest()) && info.baseDigest().equals(need.baseDigest()));
    }

    private AdapterRegistry present() {
        return registry.get()
                .orElseThrow(() -> FactoryException.retryLater(
                        ErrorCode.OVERLOADED,
                        Duration.ofSeconds(2),
                        "The node's adapter registry is being stopped or updated."));
    }

    private CompletableFuture<Void> fetch(AgentAddress controller, RemoteRequest request, Need need) {
        CompletableFuture<Void> own = new CompletableFuture<>();
        CompletableFuture<Void> other = fetching.putIfAbsent(need, own);
        if (other != null) {
            return other;
        }
        fetchers.execute(() -> {
            try {
                bring(controller, request, need);
                fetching.remove(need);
                own.complete(null);
            } catch (RuntimeException failure) {
                fetching.remove(need);
                own.completeExceptionally(failure);
            }
        });
        return own;
    }

    private void bring(AgentAddress controller, RemoteRequest request, Need need) {
        if (isHere(need)) {
            return;
        }
        long start = System.nanoTime();
        try {
            Files.createDirectories(folder);
            Path incoming = Files.createTempDirectory(folder, "adapter-");
            try {
                register(controller, request, need, incoming);
            } finally {
                discard(incoming);
            }
            log.info(
                    "Adapter {} came from {} in {} ms",
                    need.digest(),
                    controller,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The adapter cannot be brought to the node.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The node is being stopped.", e);
        }
    }

    private void register(AgentAddress controller, RemoteRequest request, Need need, Path incoming)
            throws IOException, InterruptedException {
        Path configuration = incoming.resolve(AdapterFileNames.CONFIGURATION);
        Path weights = incoming.resolve(AdapterFileNames.WEIGHTS);
        fetch(controller, need, configuration);
        fetch(controller, need, weights);
        String project = request.projects().getOrDefault(need.digest(), "");
        Label label = new Label(
                need.digest(),
                project.isEmpty() ? request.request().tenant() : project,
                Caller.platform().id(),
                Visibility.PRIVATE);
        AdapterInfo registered = present().register(label, request.model(), configuration, weights);
        if (!registered.digest().equals(need.digest())) {
            present().remove(registered.id());
            throw new FactoryException(
                    ErrorCode.INVALID_FILE, "What the controller sent is not the adapter that was asked for.");
        }
    }

    private void fetch(AgentAddress controller, Need need, Path target) throws IOException, InterruptedException {
        String name = AdapterFileNames.of(need.digest(), String.valueOf(target.getFileName()));
        try {
            files.fetch(controller, AdapterFileNames.SHARE, name, target, "", LONGEST_FETCH);
        } catch (FactoryException failure) {
            throw told(failure);
        }
    }

    /** An adapter that is not there is the request's fault; all else is the way's. */
    private static FactoryException told(FactoryException failure) {
        return failure.code() == ErrorCode.NOT_FOUND || failure.code() == ErrorCode.PERMISSION_DENIED
                ? new FactoryException(
                        ErrorCode.MODEL_NOT_FOUND,
                        "The adapter does not exist any more, or this node may not have it.",
                        failure)
                : new FactoryException(ErrorCode.UNAVAILABLE, "The adapter cannot be brought to the node.", failure);
    }

    private static void discard(Path incoming) throws IOException {
        try (Stream<Path> left = Files.list(incoming)) {
            for (Path file : left.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(incoming);
    }
}
