/** What tests of this plugin share. */
@NullMarked
package org.llmfactory.policies;

import org.jspecify.annotations.NullMarked;
