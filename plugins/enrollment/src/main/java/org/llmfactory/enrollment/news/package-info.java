/** Who the controllers of this region are, and how agents hear of changes. */
@NullMarked
package org.llmfactory.enrollment.news;

import org.jspecify.annotations.NullMarked;
