@NullMarked
package org.llmfactory.executor.action;

import org.jspecify.annotations.NullMarked;
