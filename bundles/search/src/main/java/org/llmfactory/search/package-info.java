/** Searching for the values that make a loss small, where each attempt is dear. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.search;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
