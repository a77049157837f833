/** Keeps key, certificate and trust in the agent's home. */
@NullMarked
package org.llmfactory.messaging.keeper;

import org.jspecify.annotations.NullMarked;
