/** Has jobs done: takes them, hears of the trainer, keeps the results. */
@NullMarked
package org.llmfactory.finetuning.work;

import org.jspecify.annotations.NullMarked;
