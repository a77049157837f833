/** The catalogue of LoRA adapters and their identity by content. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.api.adapter;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
