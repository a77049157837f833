/** The election as it runs in an agent. */
@NullMarked
package org.llmfactory.leadership.service;

import org.jspecify.annotations.NullMarked;
