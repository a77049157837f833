/** The agent itself: its home directory, the plugins that run in it and whose plugins it takes. */
@Export
@Version("1.1.0")
@NullMarked
package org.llmfactory.api.agent;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
