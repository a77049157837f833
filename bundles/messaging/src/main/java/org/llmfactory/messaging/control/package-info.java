/** How actions describe themselves to other agents. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.messaging.control;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
