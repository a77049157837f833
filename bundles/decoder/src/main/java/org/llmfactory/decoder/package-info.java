/** The network of the Llama line and its weights: one text for serving and training. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.decoder;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
