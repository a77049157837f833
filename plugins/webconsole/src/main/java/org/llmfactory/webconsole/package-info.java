/** Felix Web Console behind the agent's own sign-in. */
@NullMarked
package org.llmfactory.webconsole;

import org.jspecify.annotations.NullMarked;
