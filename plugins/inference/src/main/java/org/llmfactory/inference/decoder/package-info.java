/** The decoders of the Llama line: one TorchScript program, its weights, key-value memory and adapters. */
@NullMarked
package org.llmfactory.inference.decoder;

import org.jspecify.annotations.NullMarked;
