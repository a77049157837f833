package org.llmfactory.dataplane.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.FileShare;
import org.llmfactory.api.network.Membership;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.dataplane.Config;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Serves the files of all {@link FileShare}s of this agent. */
@Component(service = StreamService.class, configurationPid = Config.PID)
public final class FileService implements StreamService {
    private static final Quiet QUIET = new Quiet();

    private final AgentAddress self;
    private final ExecutorService senders;
    private final FileDigests digests = new FileDigests();
    private final List<FileShare> shares = new CopyOnWriteArrayList<>();

    @Activate
    public FileService(Config config, @Reference Membership membership) {
        this(membership.self(), config.maxFileTransfers());
    }

    FileService(AgentAddress self, int transfers) {
        this.self = self;
        this.senders = new ThreadPoolExecutor(0, transfers, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "llmfactory-file-sender");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addShare(FileShare share) {
        shares.add(share);
    }

    void removeShare(FileShare share) {
        shares.remove(share);
    }

    @Deactivate
    void stop() {
        senders.shutdownNow();
    }

    @Override
    public String name() {
        return FileMessages.SERVICE;
    }

    /** Each share has its own rule. */
    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        FileMessages.Request wanted = FileMessages.read(request, FileMessages.Request.class);
        try {
            Path file = find(stream.peer(), wanted);
            if (wanted.offset() > Files.size(file)) {
                throw new FactoryException(ErrorCode.INVALID_VALUE, "The file is shorter than the offset asked for.");
            }
            senders.execute(new FileSender(stream, file, wanted.offset(), digests));
            return QUIET;
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.INTERNAL, "The file '" + wanted.name() + "' cannot be read.", e);
        } catch (RejectedExecutionException e) {
            throw new FactoryException(
                    ErrorCode.OVERLOADED, "The agent " + self + " sends as many files as it may already.", e);
        }
    }

    private Path find(AgentAddress caller, FileMessages.Request wanted) throws IOException {
        FileShare share = shares.stream()
                .filter(each -> each.name().equals(wanted.share()))
                .findFirst()
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND, "The agent " + self + " shares no files as '" + wanted.share() + "'."));
        if (!share.callers().include(caller, self)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "The agent " + caller + " may not fetch files from '" + share.name() + "' on " + self + ".");
        }
        return share.find(caller, wanted.name())
                .filter(Files::isRegularFile)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND,
                        "There is no file '" + wanted.name() + "' in '" + share.name() + "' on " + self + "."));
    }

    /** Whoever fetches has nothing more to say; the sender notices by itself when he is gone. */
    private static final class Quiet implements StreamListener {
        @Override
        public void onMessage(byte[] message) {
            throw new IllegalArgumentException("Nothing is said on the stream of a file");
        }

        @Override
        public void onEnd() {
            // Fetching needs one direction only.
        }

        @Override
        public void onFailure(FactoryException reason) {
            // The sender hears it when it sends.
        }
    }
}
