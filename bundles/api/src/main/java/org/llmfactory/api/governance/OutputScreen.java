package org.llmfactory.api.governance;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Looks at the text of one answer while it is made. May hold back text that could become the beginning of something the
 * policy forbids; what it gave out is final. Confined to one thread.
 */
@ProviderType
public interface OutputScreen {
    /** Lets everything pass at once. */
    OutputScreen OPEN = new OutputScreen() {
        @Override
        public String accept(String text) {
            return text;
        }

        @Override
        public String finish() {
            return "";
        }

        @Override
        public boolean isBlocked() {
            return false;
        }
    };

    /** Takes more text and gives what may be sent now. */
    String accept(String text);

    /** The rest, at the end of the answer. */
    String finish();

    /** Whether the answer must end here: nothing more is given out then. */
    boolean isBlocked();
}
