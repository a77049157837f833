/** Passwords: hashed slowly, guessed in vain. */
@NullMarked
package org.llmfactory.auth.password;

import org.jspecify.annotations.NullMarked;
