/** Runs commands that the operator of a machine has allowed. */
@NullMarked
package org.llmfactory.executor;

import org.jspecify.annotations.NullMarked;
