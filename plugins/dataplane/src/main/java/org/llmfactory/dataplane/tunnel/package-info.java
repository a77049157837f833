/** TCP connections from agent to agent, over streams. */
@NullMarked
package org.llmfactory.dataplane.tunnel;

import org.jspecify.annotations.NullMarked;
