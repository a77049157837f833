/** TLS 1.3, mutual, with the newest certificate and the network's own trust. */
@NullMarked
package org.llmfactory.messaging.tls;

import org.jspecify.annotations.NullMarked;
