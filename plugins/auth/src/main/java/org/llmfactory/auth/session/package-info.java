/** Browser sessions. */
@NullMarked
package org.llmfactory.auth.session;

import org.jspecify.annotations.NullMarked;
