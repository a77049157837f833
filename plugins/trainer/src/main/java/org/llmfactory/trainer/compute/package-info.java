/** The computing of training: many adapters of one base model in one batch. */
@NullMarked
package org.llmfactory.trainer.compute;

import org.jspecify.annotations.NullMarked;
