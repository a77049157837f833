package org.llmfactory.launcher.command;

import java.time.Duration;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.launcher.LauncherException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command people type. Exit codes: 0 it worked, 1 it failed, 2 it was called wrongly. */
@Command(
        name = "factory",
        description = "Private large language models with many LoRA adapters on one base model.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        version = "LLM Factory 0.1.0",
        usageHelpAutoWidth = true,
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            AgentCommand.class,
            PluginCommand.class,
            DeployCommand.class,
            ModelCommand.class,
            AdapterCommand.class,
            JobCommand.class,
            SearchCommand.class,
            EvalCommand.class,
            MixtureCommand.class,
            DemoCommand.class,
            ProjectCommand.class,
            UserCommand.class,
            KeyCommand.class,
            ServiceAccountCommand.class,
            PresetCommand.class,
            PolicyCommand.class,
            AuditCommand.class,
            UsageCommand.class,
            BenchCommand.class,
            TestCommand.class
        })
public final class Factory implements Runnable {
    @Mixin
    Options options = new Options();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    /** Runs a command and ends the program with its exit code. */
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        Factory factory = new Factory();
        CommandLine commandLine = new CommandLine(factory);
        commandLine.registerConverter(Duration.class, new DurationConverter());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, factory));
        return commandLine;
    }

    private static int report(Exception failure, Factory factory) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        boolean expected = failure instanceof LauncherException || failure instanceof FactoryException;
        factory.options.terminal().error(expected ? String.valueOf(failure.getMessage()) : failure.toString());
        if (!expected) {
            failure.printStackTrace(System.err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
