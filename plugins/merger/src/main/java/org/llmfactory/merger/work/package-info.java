/** Orders carried out: sources fetched, results registered. */
@NullMarked
package org.llmfactory.merger.work;

import org.jspecify.annotations.NullMarked;
