/** What the readers of foreign files share: bounded JSON, mapped files, digests and one way to name a fault. */
@NullMarked
package org.llmfactory.models.internal;

import org.jspecify.annotations.NullMarked;
