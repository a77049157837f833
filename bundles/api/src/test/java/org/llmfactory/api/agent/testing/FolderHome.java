package org.llmfactory.api.agent.testing;

import java.nio.file.Path;
import org.llmfactory.api.agent.Home;

/** A home in a folder of the test, which exists already. */
public record FolderHome(Path root) implements Home {}
