/** Services of other plugins, which come and go while requests run. */
@NullMarked
package org.llmfactory.gateway.service;

import org.jspecify.annotations.NullMarked;
