/** Plugins that controllers deploy to this agent. */
@NullMarked
package org.llmfactory.agent.deployment;

import org.jspecify.annotations.NullMarked;
