/** Tensors as they lie in files: safetensors and GGUF, checked before use and mapped rather than copied. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.models.tensor;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
