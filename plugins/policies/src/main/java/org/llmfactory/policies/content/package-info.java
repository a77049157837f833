/** Content policies: what may be said, in and out. */
@NullMarked
package org.llmfactory.policies.content;

import org.jspecify.annotations.NullMarked;
