/** What may be run: the commands that the operator of this machine has allowed, and nothing else. */
@NullMarked
package org.llmfactory.executor.command;

import org.jspecify.annotations.NullMarked;
