/** Plugins that come, change and go while the agent runs. */
@NullMarked
package org.llmfactory.agent.plugin;

import org.jspecify.annotations.NullMarked;
