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
        int[] best = best(logits, Math.max(top, 1));
        double normalizer = logSumExp(logits, logits[best[0]]);
        List<TokenLogprob> told = new ArrayList<>();
        for (int i = 0; i < Math.min(top, best.length); i++) {
            told.add(new TokenLogprob(best[i], (float) (logits[best[i]] - normalizer)));
        }
        return new GeneratedToken(token, (float) (logits[token] - normalizer), told);
    }

    private static double logSumExp(float[] logits, double max) {
        double sum = 0;
        for (float logit : logits) {
            sum += Exponential.of(logit - max);
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
