/** What can be said of a figure. */
@NullMarked
package org.llmfactory.evaluation.statistics;

import org.jspecify.annotations.NullMarked;
