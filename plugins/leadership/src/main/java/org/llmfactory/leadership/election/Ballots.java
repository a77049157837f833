package org.llmfactory.leadership.election;

import java.io.IOException;

/** Keeps a controller's ballot. */
public interface Ballots {
    /** The one that was written last; {@link Ballot#NONE} when there is none. */
    Ballot read() throws IOException;

    /** Writes one; when this returns, it survives the machine. */
    void write(Ballot ballot) throws IOException;
}
