/** Models as the owner of a run may use them. */
@NullMarked
package org.llmfactory.evaluation.model;

import org.jspecify.annotations.NullMarked;
