/**
 * What an agent logs, for controllers that ask: the last lines, and those that come. How they ask is exported; the
 * plugin that asks knows nothing else of this bundle.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.agent.logs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
