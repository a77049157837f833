/** What a controller and an agent say to one another when plugins are deployed from afar. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.agent.deploy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
