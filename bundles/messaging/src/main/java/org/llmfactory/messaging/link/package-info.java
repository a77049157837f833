/** Frames from agent to agent through the brokers. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.messaging.link;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
