/** An adapter from what fine-tuning changed in a whole model. */
@NullMarked
package org.llmfactory.merger.extract;

import org.jspecify.annotations.NullMarked;
