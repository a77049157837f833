/** The election alone: what a controller does when time passes and when it hears something. No thread, no clock, no network. */
@NullMarked
package org.llmfactory.leadership.election;

import org.jspecify.annotations.NullMarked;
