package org.llmfactory.agent.join;

import java.util.List;

/**
 * A controller lets an agent in.
 *
 * @param address who the agent is from now on
 * @param chain its certificate and the authorities' up to but without the root; X.509, Base64
 * @param root the network's root authority
 * @param brokers where it finds brokers
 * @param controllers addresses of those it reports to
 * @param time the controller's clock, milliseconds since 1970
 * @param proof that the controller knows the token's secret, and answers this request
 */
public record JoinAnswer(
        String address,
        List<String> chain,
        String root,
        List<String> brokers,
        List<String> controllers,
        long time,
        String proof) {
    public JoinAnswer {
        chain = List.copyOf(chain);
        brokers = List.copyOf(brokers);
        controllers = List.copyOf(controllers);
    }

    /** The answer to a request, with its proof. */
    public static JoinAnswer proven(
            byte[] secret, JoinRequest request, String address, Certified certified, long time) {
        NetworkState state = certified.state();
        JoinAnswer open = new JoinAnswer(
                address, certified.chain(), certified.root(), state.brokers(), state.controllers(), time, "");
        return new JoinAnswer(
                address,
                open.chain,
                open.root,
                open.brokers,
                open.controllers,
                time,
                open.proof(secret, request).text());
    }

    /** Whether it answers this request and whoever made it knew the secret. */
    public boolean isProven(byte[] secret, JoinRequest request) {
        return proof(secret, request).is(proof);
    }

    /** What it brings. */
    public Certified certified() {
        return new Certified(chain, root, new NetworkState(brokers, controllers, List.of()));
    }

    private Proof proof(byte[] secret, JoinRequest request) {
        return new Proof(secret, "llm-factory join answer 1")
                .add(request.proof())
                .add(address)
                .add(chain)
                .add(root)
                .add(brokers)
                .add(controllers)
                .add(Long.toString(time));
    }
}
