/** The engine boundary: token ids in, token ids out, for any set of weighted adapters. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.inference;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
