package org.llmfactory.agent.join;

/**
 * An agent asks to be let in.
 *
 * @param tokenId {@link JoinToken#id}
 * @param kind what it is, see {@link JoinKind#word}
 * @param name what it wants to be called
 * @param csr signing request, PKCS#10, Base64
 * @param nonce 32 random hex digits, which the answer is bound to
 * @param time the agent's clock, milliseconds since 1970
 * @param proof that it knows the token's secret
 */
public record JoinRequest(String tokenId, String kind, String name, String csr, String nonce, long time, String proof) {
    /** The longest that a controller reads, in bytes. */
    public static final int MAXIMUM_BYTES = 16 * 1024;

    /** The path below the controller's URL that takes it. */
    public static final String PATH = "/network/join";

    /** A request with its proof. */
    public static JoinRequest proven(JoinToken token, JoinKind kind, String name, String csr, String nonce, long time) {
        JoinRequest open = new JoinRequest(token.id(), kind.word(), name, csr, nonce, time, "");
        String proof = open.proof(token.secret()).text();
        return new JoinRequest(token.id(), kind.word(), name, csr, nonce, time, proof);
    }

    /** Whether whoever made it knew the secret. */
    public boolean isProven(byte[] secret) {
        return proof(secret).is(proof);
    }

    private Proof proof(byte[] secret) {
        return new Proof(secret, "llm-factory join request 1")
                .add(tokenId)
                .add(kind)
                .add(name)
                .add(csr)
                .add(nonce)
                .add(Long.toString(time));
    }
}
