/** What other agents may ask a controller for. */
@NullMarked
package org.llmfactory.enrollment.action;

import org.jspecify.annotations.NullMarked;
