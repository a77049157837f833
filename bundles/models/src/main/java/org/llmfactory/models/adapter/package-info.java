/** LoRA adapters as PEFT writes them, checked against the base model they are for. */
@Export
@Version("1.0.0")
@NullMarked
package org.llmfactory.models.adapter;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
