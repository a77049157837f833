package org.llmfactory.inference.engine;

import java.util.ArrayList;
import java.util.List;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.TokenLogprob;

/** The model's own distribution over the next token, from its logits. */
final class LogProbabilities {
    private LogProbabilities() {}

    /**
     * How likely a token is.
     *
     * @param top how many of the likeliest tokens to tell besides; 0 or less for none
     */
    static GeneratedToken describe(float[] logits, int token, int top) {
        double normalizer = logSumExp(logits);
        List<TokenLogprob> best = new ArrayList<>();
        for (int id : best(logits, Math.max(top, 0))) {
            best.add(new TokenLogprob(id, (float) (logits[id] - normalizer)));
        }
        return new GeneratedToken(token, (float) (logits[token] - normalizer), best);
    }

    private static double logSumExp(float[] logits) {
        float max = logits[best(logits, 1)[0]];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return max + Math.log(sum);
    }

    /** The ids of the greatest logits, greatest first; of equals the lower id. */
    static int[] best(float[] logits, int count) {
        int[] ids = new int[Math.min(count, logits.length)];
        int size = 0;
        for (int id = 0; id < logits.length && ids.length > 0; id++) {
            if (size == ids.length && logits[id] <= logits[ids[size - 1]]) {
                continue;
            }
            int place = size < ids.length ? size++ : size - 1;
            while (place > 0 && logits[ids[place - 1]] < logits[id]) {
                ids[place] = ids[place - 1];
                place--;
            }
            ids[place] = id;
        }
        return ids;
    }
}
