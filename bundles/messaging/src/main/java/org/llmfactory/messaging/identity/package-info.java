/** Who this agent is in its network, and whom it believes. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.messaging.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
