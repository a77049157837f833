package org.llmfactory.models.text;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.text.jinja.Template;
import org.llmfactory.models.text.jinja.TemplateException;

/** A model's chat templates by name; each is read when it is first used. Safe for use by several threads. */
final class ChatTemplates {
    static final String DEFAULT = "default";
    static final String WITH_TOOLS = "tool_use";

    private final Map<String, String> sources;
    private final Map<String, Template> templates = new ConcurrentHashMap<>();
    private final Clock clock;

    ChatTemplates(Map<String, String> sources, Clock clock) {
        this.sources = Map.copyOf(sources);
        this.clock = clock;
    }

    boolean isEmpty() {
        return source(false) == null;
    }

    /** Renders a conversation; the model's special tokens are variables too. */
    String render(ChatPrompt prompt, Map<String, String> namedTokens) {
        String name = name(!prompt.tools().isEmpty());
        if (name == null) {
            throw new FactoryException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "This model has no chat template: send a plain prompt to the completions endpoint.");
        }
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(namedTokens);
        variables.put("documents", null);
        variables.putAll(prompt.extra());
        variables.put("messages", prompt.messages());
        variables.put("tools", prompt.tools().isEmpty() ? null : prompt.tools());
        variables.put("add_generation_prompt", prompt.addGenerationPrompt());
        Template template = templates.computeIfAbsent(name, this::parse);
        try {
            return template.render(variables, clock);
        } catch (TemplateException e) {
            String message = e.isRefusal()
                    ? "The model's chat template refuses the conversation: " + e.getMessage()
                    : "The model's chat template cannot render the conversation: " + e.getMessage();
            throw new FactoryException(ErrorCode.INVALID_REQUEST, message, e);
        }
    }

    private @Nullable String source(boolean tools) {
        String name = name(tools);
        return name == null ? null : sources.get(name);
    }

    private @Nullable String name(boolean tools) {
        if (tools && sources.containsKey(WITH_TOOLS)) {
            return WITH_TOOLS;
        }
        return sources.containsKey(DEFAULT) ? DEFAULT : null;
    }

    private Template parse(String name) {
        try {
            return Template.parse(sources.getOrDefault(name, ""));
        } catch (TemplateException e) {
            throw Faults.invalid("chat template", e.getMessage() == null ? "malformed" : e.getMessage(), e);
        }
    }
}
