/** The pool, the migrations and the news. */
@NullMarked
package org.llmfactory.database.internal;

import org.jspecify.annotations.NullMarked;
