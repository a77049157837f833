/** Who may do what: one function and one table. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.access;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
