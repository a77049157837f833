/** Processes as they run: started with a clean environment, counted, and ended with everything they started. */
@NullMarked
package org.llmfactory.executor.process;

import org.jspecify.annotations.NullMarked;
