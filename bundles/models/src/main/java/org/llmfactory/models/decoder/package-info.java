/** Pretrained decoders of every served family under one configuration and one set of weight names. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.models.decoder;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
