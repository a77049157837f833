/** What models are asked. */
@NullMarked
package org.llmfactory.evaluation.item;

import org.jspecify.annotations.NullMarked;
