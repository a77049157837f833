/** Training of adapters: what is ordered, and who does it. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.training;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
