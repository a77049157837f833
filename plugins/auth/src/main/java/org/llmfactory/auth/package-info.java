/** One key for the administrator, kept in the home. */
@NullMarked
package org.llmfactory.auth;

import org.jspecify.annotations.NullMarked;
