/** An agent that runs commands, and whoever asks for them. */
@NullMarked
package org.llmfactory.executor.testing;

import org.jspecify.annotations.NullMarked;
