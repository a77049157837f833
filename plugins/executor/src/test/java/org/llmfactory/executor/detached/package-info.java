@NullMarked
package org.llmfactory.executor.detached;

import org.jspecify.annotations.NullMarked;
