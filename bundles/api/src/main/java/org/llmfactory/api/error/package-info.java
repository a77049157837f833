/** The one exception type of the platform and the catalogue of its causes. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.error;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
