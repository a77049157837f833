/** Keys that sign plugins, and signing with them. */
@NullMarked
package org.llmfactory.launcher.signing;

import org.jspecify.annotations.NullMarked;
