/** The arithmetic of adapters, on PyTorch. */
@NullMarked
package org.llmfactory.merger.compute;

import org.jspecify.annotations.NullMarked;
