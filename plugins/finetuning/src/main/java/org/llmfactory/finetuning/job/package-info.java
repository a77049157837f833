/** Jobs, their events and checkpoints, and who works on which. */
@NullMarked
package org.llmfactory.finetuning.job;

import org.jspecify.annotations.NullMarked;
