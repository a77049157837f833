/** What other agents ask of this one's processes. */
@NullMarked
package org.llmfactory.executor.action;

import org.jspecify.annotations.NullMarked;
