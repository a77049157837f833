/** API keys: issued, bounded, rotated, revoked, and short tokens made from publishable ones. */
@NullMarked
package org.llmfactory.auth.key;

import org.jspecify.annotations.NullMarked;
