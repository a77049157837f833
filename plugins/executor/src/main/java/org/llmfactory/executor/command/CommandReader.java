package org.llmfactory.executor.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.Callers;

/** Reads commands as their operator writes them. Strict: a misspelt name is an error, not a rule that does not hold. */
public final class CommandReader {
    private static final java.util.regex.Pattern NAME = java.util.regex.Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final java.util.regex.Pattern VARIABLE = java.util.regex.Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int DEFAULT_LIMIT_SECONDS = 3_600;
    private static final int DEFAULT_START_SECONDS = 60;
    private static final int DEFAULT_INTERVAL_SECONDS = 5;
    private static final long MEBIBYTE = 1 << 20;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private record Written(
            @Nullable String name,
            @Nullable String program,
            @Nullable List<String> arguments,
            @Nullable WrittenRule extraArguments,
            @Nullable List<String> environment,
            @Nullable Map<String, String> variables,
            @Nullable String folder,
            @Nullable Integer timeLimitSeconds,
            @Nullable Integer memoryMib,
            @Nullable Integer maximumRunning,
            @Nullable Boolean publicArguments,
            @Nullable Callers callers,
            @Nullable WrittenDetachment detached) {}

    private record WrittenRule(
            @Nullable List<String> patterns, @Nullable Integer maximum) {}

    private record WrittenDetachment(
            @Nullable RestartPolicy restart,
            @Nullable WrittenHealth health,
            @Nullable Integer startSeconds,
            @Nullable Integer intervalSeconds) {}

    private record WrittenHealth(
            @Nullable Integer port, @Nullable List<String> command) {}

    private CommandReader() {}

    /**
     * Reads one command.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Command read(String json) {
        Written written;
        try {
            written = MAPPER.readValue(json, Written.class);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed.getOriginalMessage(), malformed);
        }
        require(written != null, "it is null");
        return command(Objects.requireNonNull(written));
    }

    private static Command command(Written written) {
        String name = Objects.requireNonNullElse(written.name(), "");
        require(NAME.matcher(name).matches(), "'name' has lower-case letters, digits, '.', '_' and '-' only");
        Path program = Path.of(Objects.requireNonNullElse(written.program(), ""));
        require(program.isAbsolute(), "'program' is an absolute path");
        List<String> environment = orNone(written.environment());
        Map<String, String> variables = Objects.requireNonNullElse(written.variables(), Map.of());
        environment.forEach(CommandReader::requireVariable);
        variables.keySet().forEach(CommandReader::requireVariable);
        return new Command(
                name,
                program,
                orNone(written.arguments()),
                rule(written.extraArguments()),
                Set.copyOf(environment),
                variables,
                Optional.ofNullable(written.folder()).map(CommandReader::folder),
                seconds("time_limit_seconds", written.timeLimitSeconds(), DEFAULT_LIMIT_SECONDS),
                positive("memory_mib", Objects.requireNonNullElse(written.memoryMib(), 0), 0) * MEBIBYTE,
                positive("maximum_running", Objects.requireNonNullElse(written.maximumRunning(), 1), 1),
                Objects.requireNonNullElse(written.publicArguments(), false),
                callers(Objects.requireNonNullElse(written.callers(), Callers.CONTROLLERS)),
                Optional.ofNullable(written.detached()).map(CommandReader::detachment));
    }

    private static Callers callers(Callers callers) {
        require(callers != Callers.NETWORK, "'callers' is 'controllers' or 'tenant'");
        return callers;
    }

    private static ArgumentRule rule(@Nullable WrittenRule written) {
        if (written == null) {
            return new ArgumentRule(List.of(), 0);
        }
        List<Pattern> patterns =
                orNone(written.patterns()).stream().map(CommandReader::pattern).toList();
        int maximum = Objects.requireNonNullElse(written.maximum(), 0);
        require(!patterns.isEmpty(), "'extra_arguments' has at least one of 'patterns'");
        return new ArgumentRule(patterns, positive("extra_arguments.maximum", maximum, 1));
    }

    private static Pattern pattern(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException(
                    "'" + expression + "' is no regular expression: " + malformed.getDescription(), malformed);
        }
    }

    private static Path folder(String written) {
        Path folder = Path.of(written).normalize();
        boolean below = !folder.isAbsolute()
                && !folder.startsWith("..")
                && !folder.toString().isEmpty();
        require(below, "'folder' is a relative path without '..'; it lies in the home's cache");
        return folder;
    }

    private static Detachment detachment(WrittenDetachment written) {
        WrittenHealth health = Objects.requireNonNullElse(written.health(), new WrittenHealth(null, null));
        Integer port = health.port();
        List<String> check = orNone(health.command());
        require(port == null || check.isEmpty(), "'health' has a 'port' or a 'command', not both");
        require(port == null || (port > 0 && port < 65_536), "'health.port' is from 1 to 65535");
        require(check.isEmpty() || Path.of(check.get(0)).isAbsolute(), "'health.command' begins with an absolute path");
        return new Detachment(
                Objects.requireNonNullElse(written.restart(), RestartPolicy.NEVER),
                port == null ? OptionalInt.empty() : OptionalInt.of(port),
                check,
                seconds("detached.start_seconds", written.startSeconds(), DEFAULT_START_SECONDS),
                seconds("detached.interval_seconds", written.intervalSeconds(), DEFAULT_INTERVAL_SECONDS));
    }

    private static Duration seconds(String field, @Nullable Integer written, int otherwise) {
        return Duration.ofSeconds(positive(field, Objects.requireNonNullElse(written, otherwise), 1));
    }

    private static int positive(String field, int value, int least) {
        require(value >= least, "'" + field + "' is at least " + least);
        return value;
    }

    private static void requireVariable(String name) {
        require(VARIABLE.matcher(name).matches(), "'" + name + "' is no name of an environment variable");
    }

    private static List<String> orNone(@Nullable List<String> written) {
        return Objects.requireNonNullElse(written, List.of());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
