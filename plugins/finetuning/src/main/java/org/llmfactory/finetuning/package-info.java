/** Fine-tuning jobs: the interface, the durable queue and the results. */
@NullMarked
package org.llmfactory.finetuning;

import org.jspecify.annotations.NullMarked;
