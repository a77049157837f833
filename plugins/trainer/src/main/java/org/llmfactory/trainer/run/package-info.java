/** The course of training: order of the data, learning rate, evaluations, checkpoints. */
@NullMarked
package org.llmfactory.trainer.run;

import org.jspecify.annotations.NullMarked;
