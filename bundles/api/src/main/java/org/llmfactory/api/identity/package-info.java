/** Who is calling, what belongs to whom, and what keys there are. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
