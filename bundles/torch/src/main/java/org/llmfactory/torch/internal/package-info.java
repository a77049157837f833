/** The engine on DJL. */
@NullMarked
package org.llmfactory.torch.internal;

import org.jspecify.annotations.NullMarked;
