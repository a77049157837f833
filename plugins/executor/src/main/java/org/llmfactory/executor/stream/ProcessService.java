package org.llmfactory.executor.stream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.executor.process.Exit;
import org.llmfactory.executor.process.ProcessTable;
import org.llmfactory.executor.process.Processes;
import org.llmfactory.executor.process.RunningProcess;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Runs a command whose input and output go over the stream. */
@Component(service = StreamService.class)
public final class ProcessService implements StreamService {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What the opener says first. */
    private record Request(
            @Nullable String command, @Nullable List<String> arguments) {}

    private final Processes processes;

    @Activate
    public ProcessService(@Reference Processes processes) {
        this.processes = processes;
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public Callers callers() {
        return Callers.TENANT;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        Request asked = read(request);
        ProcessTable.Place place = processes
                .table()
                .take(
                        processes.commands().find(Objects.requireNonNullElse(asked.command(), "")),
                        Objects.requireNonNullElse(asked.arguments(), List.of()),
                        stream.peer(),
                        false);
        try {
            RunningProcess running = place.start(false);
            place.onStop(() -> running.stop("It was ended by an administrator, or with its agent."));
            ProcessSession session = new ProcessSession(stream, running, place);
            session.start(processes.threads());
            return session;
        } catch (RuntimeException refused) {
            place.end(new Exit(-1, "It could not be started."));
            throw refused;
        }
    }

    private static Request read(byte[] request) {
        try {
            return MAPPER.readValue(request, Request.class);
        } catch (IOException malformed) {
            throw new FactoryException(
                    ErrorCode.INVALID_REQUEST,
                    "A process is asked for with {\"command\": \"name\", \"arguments\": [\"...\"]}.",
                    malformed);
        }
    }
}
