/** What the tests of this plugin share. */
@NullMarked
package org.llmfactory.dataplane.testing;

import org.jspecify.annotations.NullMarked;
