/** A home in a temporary folder and plugins in memory. */
@NullMarked
package org.llmfactory.api.agent.testing;

import org.jspecify.annotations.NullMarked;
