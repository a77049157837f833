/** Signatures of plugins: whether a jar is whole, and whose it is. */
@NullMarked
package org.llmfactory.agent.signature;

import org.jspecify.annotations.NullMarked;
