/** The agent itself: its home directory and the plugins that run in it. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.agent;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
