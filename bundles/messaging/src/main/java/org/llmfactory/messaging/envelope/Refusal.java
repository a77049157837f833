package org.llmfactory.messaging.envelope;

/** Why a frame is not taken. */
public enum Refusal {
    /** It is no message of this protocol, or over a limit of it. */
    MALFORMED,
    /** It is of a later version of the protocol. */
    UNKNOWN_VERSION,
    /** It is sealed to a key that this agent has not, or has no more. */
    UNKNOWN_KEY,
    /** It was sealed for somebody else, or altered. */
    NOT_OPENED,
    /** The sender's certificate is not believed. */
    UNTRUSTED,
    /** The sender has not signed this. */
    WRONG_SIGNATURE,
    /** It is for another agent. */
    OTHER_RECEIVER,
    /** The sender's tenant may not reach this agent. */
    OUT_OF_REACH,
    /** The sender's clock and this one's differ too much. */
    CLOCK_SKEW,
    /** Its time has passed. */
    EXPIRED,
    /** It was here before. */
    REPLAYED,
    /** Nobody asked for this answer, or not of this sender. */
    UNSOLICITED,
    /** The sender sends more than can be remembered. */
    OVERLOADED
}
