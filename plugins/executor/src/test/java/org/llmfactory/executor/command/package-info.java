@NullMarked
package org.llmfactory.executor.command;

import org.jspecify.annotations.NullMarked;
