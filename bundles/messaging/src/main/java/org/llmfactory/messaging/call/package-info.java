/** Calls of actions: of others by this agent, of this agent by others. */
@NullMarked
package org.llmfactory.messaging.call;

import org.jspecify.annotations.NullMarked;
