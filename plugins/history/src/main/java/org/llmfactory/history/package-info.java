/** Keeps conversations, encrypted, for as long as their project wants. */
@NullMarked
package org.llmfactory.history;

import org.jspecify.annotations.NullMarked;
