/** What browsers see of it: pages, JSON and CORS. */
@NullMarked
package org.llmfactory.auth.web;

import org.jspecify.annotations.NullMarked;
