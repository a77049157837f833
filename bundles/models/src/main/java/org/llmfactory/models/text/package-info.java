/** The text side of a model: tokenizer, chat template and streaming decoder, from a Hugging Face folder or a GGUF file. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.models.text;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
