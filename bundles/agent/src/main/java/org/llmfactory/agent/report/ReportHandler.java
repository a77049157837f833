package org.llmfactory.agent.report;

import org.llmfactory.api.network.AgentReport;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears what an agent says of itself, message by message. */
@ConsumerType
public interface ReportHandler {
    /** Everything about the agent, in the place of what it said before. */
    void onReport(AgentReport report);

    /** How busy it is now. */
    void onLoad(LoadReport load);

    /** It is there, and nothing has changed. */
    void onBeat();

    /** It is about to stop of its own accord. */
    void onGoodbye();
}
