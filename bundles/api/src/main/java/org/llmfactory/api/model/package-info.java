/** Base models as they lie on this agent, and the text side of a model: tokenizer and chat template. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
