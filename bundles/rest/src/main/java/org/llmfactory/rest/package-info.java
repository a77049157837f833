/** HTTP manners that every plugin with a REST interface shares: errors, JSON, pages, event streams, callers. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.rest;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
