/** What runs were, and what came of them: to be read, compared, done again and taken elsewhere. */
@NullMarked
package org.llmfactory.finetuning.record;

import org.jspecify.annotations.NullMarked;
