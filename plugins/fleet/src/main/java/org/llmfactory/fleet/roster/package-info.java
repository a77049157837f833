/** Who is there: takes the reports of agents and says what is known of them. */
@NullMarked
package org.llmfactory.fleet.roster;

import org.jspecify.annotations.NullMarked;
