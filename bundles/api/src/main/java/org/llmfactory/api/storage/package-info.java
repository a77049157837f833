/** Blobs by key: the only door to the object store. */
@Export
@Version("1.1.0")
@NullMarked
package org.llmfactory.api.storage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
