/** OpenAI's fine-tuning interface. */
@NullMarked
package org.llmfactory.finetuning.rest;

import org.jspecify.annotations.NullMarked;
