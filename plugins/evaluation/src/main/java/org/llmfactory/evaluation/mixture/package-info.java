/** Searches for the weights of a mixture. */
@NullMarked
package org.llmfactory.evaluation.mixture;

import org.jspecify.annotations.NullMarked;
