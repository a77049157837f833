/** Searching for hyperparameters: a search orders jobs, and looks at what comes of them. */
@NullMarked
package org.llmfactory.finetuning.search;

import org.jspecify.annotations.NullMarked;
