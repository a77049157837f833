/** Several adapters of one base made one. */
@NullMarked
package org.llmfactory.merger.merge;

import org.jspecify.annotations.NullMarked;
