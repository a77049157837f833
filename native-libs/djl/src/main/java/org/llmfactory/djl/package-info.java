/** How to call DJL from any bundle, and where its native libraries lie. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.djl;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
