@NullMarked
package org.llmfactory.executor.process;

import org.jspecify.annotations.NullMarked;
