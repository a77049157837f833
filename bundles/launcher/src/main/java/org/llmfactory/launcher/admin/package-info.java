/** What administrators reach of an agent: the organization, its projects, keys, policies, audit log and usage. */
@NullMarked
package org.llmfactory.launcher.admin;

import org.jspecify.annotations.NullMarked;
