/** What an agent and the controller that lets it in say to one another. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.agent.join;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
