/** Files and uploads: what is known of them in the database, contents in the object store. */
@NullMarked
package org.llmfactory.files.store;

import org.jspecify.annotations.NullMarked;
