/** The models a site may pull, and the way they get into a home: pinned by digest, from whichever source answers. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.models.catalog;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
