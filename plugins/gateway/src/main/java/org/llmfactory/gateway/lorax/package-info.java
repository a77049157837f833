/** LoRAX's generate interface. */
@NullMarked
package org.llmfactory.gateway.lorax;

import org.jspecify.annotations.NullMarked;
