/**
 * How agents say on a stream what they are: written by every agent, read by controllers. Both are plugins, which know
 * nothing of one another, so that what passes between them is here.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.agent.report;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
