/** What a project has decided: settings and presets. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.project;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
