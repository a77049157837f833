/** Who may connect, what he may read and write, decided from his certificate and nothing else. */
@NullMarked
package org.llmfactory.broker.guard;

import org.jspecify.annotations.NullMarked;
