/** Evaluations, their runs, and who works on them. */
@NullMarked
package org.llmfactory.evaluation.run;

import org.jspecify.annotations.NullMarked;
