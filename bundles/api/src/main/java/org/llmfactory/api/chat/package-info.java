/** Conversations that were kept. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.chat;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
