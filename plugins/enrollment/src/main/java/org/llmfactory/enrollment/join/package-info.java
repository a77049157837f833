/** How agents are let in: tokens, the join protocol, certificates, and how they are put out again. */
@NullMarked
package org.llmfactory.enrollment.join;

import org.jspecify.annotations.NullMarked;
