/** What makes an answer a good one. */
@NullMarked
package org.llmfactory.evaluation.grade;

import org.jspecify.annotations.NullMarked;
