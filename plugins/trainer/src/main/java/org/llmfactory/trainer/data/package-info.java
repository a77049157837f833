/** From rows of a dataset to tokens. */
@NullMarked
package org.llmfactory.trainer.data;

import org.jspecify.annotations.NullMarked;
