/** Files from agent to agent, over streams. */
@NullMarked
package org.llmfactory.dataplane.file;

import org.jspecify.annotations.NullMarked;
