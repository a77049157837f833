/** The database that plugins keep their tables in, the news of what changed in it, and the keys to what is in it. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.database;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
