/** Tensors and TorchScript programs: the only bundle that knows the PyTorch engine. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.torch;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
