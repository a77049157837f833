/** The catalogue of adapters over the object store. */
@NullMarked
package org.llmfactory.registry.adapter;

import org.jspecify.annotations.NullMarked;
