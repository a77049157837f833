/** The network's authority and this controller's own certificate. */
@NullMarked
package org.llmfactory.enrollment.authority;

import org.jspecify.annotations.NullMarked;
