/** Measures models: evaluations, and searches for mixtures of adapters. */
@NullMarked
package org.llmfactory.evaluation;

import org.jspecify.annotations.NullMarked;
