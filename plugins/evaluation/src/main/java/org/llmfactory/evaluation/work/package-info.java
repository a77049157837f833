/** Work that is done in somebody's name while nobody waits for it. */
@NullMarked
package org.llmfactory.evaluation.work;

import org.jspecify.annotations.NullMarked;
