/** Evaluations over HTTP. */
@NullMarked
package org.llmfactory.evaluation.rest;

import org.jspecify.annotations.NullMarked;
