@NullMarked
package org.llmfactory.executor.stream;

import org.jspecify.annotations.NullMarked;
