/** OpenAI's models, chat completions and completions. */
@NullMarked
package org.llmfactory.gateway.openai;

import org.jspecify.annotations.NullMarked;
