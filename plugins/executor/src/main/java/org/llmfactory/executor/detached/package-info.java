/** Commands that run on their own until they are ended, and come back with the agent. */
@NullMarked
package org.llmfactory.executor.detached;

import org.jspecify.annotations.NullMarked;
