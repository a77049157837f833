/** What must outlive the process: this controller's vote in its home, the controllers in the shared database. */
@NullMarked
package org.llmfactory.leadership.store;

import org.jspecify.annotations.NullMarked;
