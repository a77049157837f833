/** The tables: authority, tokens, agents, certificates, controllers. */
@NullMarked
package org.llmfactory.enrollment.store;

import org.jspecify.annotations.NullMarked;
