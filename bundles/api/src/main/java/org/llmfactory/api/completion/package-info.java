/** Answers by models, for what works in somebody's name. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.completion;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
