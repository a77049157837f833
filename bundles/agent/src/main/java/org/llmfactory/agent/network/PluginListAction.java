package org.llmfactory.agent.network;

import java.util.List;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code plugin.list}: the plugins of this agent. */
@Component(service = AgentAction.class)
public final class PluginListAction implements AgentAction<PluginListAction.Question, PluginListAction.Plugins> {
    /** There is nothing to say. */
    public record Question() {}

    /**
     * All of them.
     *
     * @param plugins by symbolic name
     */
    public record Plugins(
            @Meaning("the plugins, by symbolic name") List<Plugin> plugins) {
        public Plugins {
            plugins = List.copyOf(plugins);
        }
    }

    /** A plugin, as {@link PluginInfo} has it. */
    public record Plugin(
            @Meaning("its identity") String symbolicName,
            @Meaning("version of the bundle") String version,
            @Meaning("active, resolved, installed, ...") String state,

            @Meaning("SHA-256 of the jar, 64 lower-case hex digits")
            String digest,

            @Meaning("true when it was deployed to the running agent, false when it came with the feature")
            boolean deployed) {
        static Plugin of(PluginInfo info) {
            return new Plugin(info.symbolicName(), info.version(), info.state(), info.digest(), info.deployed());
        }
    }

    private final PluginManager plugins;

    @Activate
    public PluginListAction(@Reference PluginManager plugins) {
        this.plugins = plugins;
    }

    @Override
    public String name() {
        return "plugin.list";
    }

    @Override
    public String why() {
        return "Lists the plugins of the agent with their versions and states.";
    }

    @Override
    public Class<Question> arguments() {
        return Question.class;
    }

    @Override
    public Class<Plugins> result() {
        return Plugins.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Plugins perform(AgentAddress caller, Question arguments) {
        return new Plugins(plugins.list().stream().map(Plugin::of).toList());
    }
}
