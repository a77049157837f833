/** What is wanted and what is known, in the database. */
@NullMarked
package org.llmfactory.deployer.state;

import org.jspecify.annotations.NullMarked;
