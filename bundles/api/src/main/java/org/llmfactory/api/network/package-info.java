/** The network of agents: who is in it, what they ask of one another and what streams between them. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.network;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
