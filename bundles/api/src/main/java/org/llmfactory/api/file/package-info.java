/** Files that people upload: training data, documents, results. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.file;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
