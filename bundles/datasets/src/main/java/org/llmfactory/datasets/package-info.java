/** Training data as a stream of rows: read, checked, measured, rewritten. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.datasets;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
