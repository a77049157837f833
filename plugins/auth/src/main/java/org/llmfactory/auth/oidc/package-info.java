/** Sign-in through an OpenID provider. */
@NullMarked
package org.llmfactory.auth.oidc;

import org.jspecify.annotations.NullMarked;
