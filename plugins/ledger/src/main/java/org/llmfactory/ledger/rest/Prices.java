package org.llmfactory.ledger.rest;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmfactory.ledger.usage.Sums;

/** What use costs: prices of tokens by base model. */
final class Prices {
    /** For models without prices of their own. */
    private static final String ANY_MODEL = "*";

    private static final Pattern FORMAT =
            Pattern.compile("(.+)=(\\d+(?:\\.\\d+)?),(\\d+(?:\\.\\d+)?),(\\d+(?:\\.\\d+)?)(?:,(\\d+(?:\\.\\d+)?))?");

    private static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    /** What is paid for by itself. */
    enum Item {
        INPUT("input", "tokens"),
        CACHED_INPUT("cached input", "tokens"),
        OUTPUT("output", "tokens"),
        AUDIO("audio", "duration_seconds");

        private final String label;
        private final String unit;

        Item(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }

        /** For people to read. */
        String label() {
            return label;
        }

        /** OpenAI's word for what {@link #quantity} counts. */
        String unit() {
            return unit;
        }

        /** How much of it was used. */
        BigDecimal quantity(Sums sums) {
            return switch (this) {
                case INPUT -> BigDecimal.valueOf(sums.input() - sums.cached());
                case CACHED_INPUT -> BigDecimal.valueOf(sums.cached());
                case OUTPUT -> BigDecimal.valueOf(sums.output());
                case AUDIO -> BigDecimal.valueOf(sums.audioMillis(), 3);
            };
        }
    }

    private record Price(BigDecimal input, BigDecimal cached, BigDecimal output, BigDecimal audioMinute) {}

    private final String currency;
    private final Map<String, Price> prices = new HashMap<>();

    /**
     * Prices as they are configured.
     *
     * @param currency of ISO 4217
     * @param lines {@code model=input,cached input,output} each for a million tokens, and after another comma a minute of
     *     audio; the model {@code *} for all others
     * @throws IllegalArgumentException for a line that does not read so
     */
    Prices(String currency, String... lines) {
        this.currency = currency.toLowerCase(Locale.ROOT);
        for (String line : lines) {
            Matcher matcher = FORMAT.matcher(line.replace(" ", ""));
            if (!matcher.matches()) {
                throw new IllegalArgumentException("A price reads 'model=input,cached,output' in " + currency
                        + " per million tokens, but not: " + line);
            }
            prices.put(
                    matcher.group(1),
                    new Price(
                            new BigDecimal(matcher.group(2)),
                            new BigDecimal(matcher.group(3)),
                            new BigDecimal(matcher.group(4)),
                            new BigDecimal(Optional.ofNullable(matcher.group(5)).orElse("0"))));
        }
    }

    /** Lower case. */
    String currency() {
        return currency;
    }

    /** What an item of some use of a model costs. */
    BigDecimal cost(String model, Item item, Sums sums) {
        Price price = prices.getOrDefault(model, prices.getOrDefault(ANY_MODEL, FREE));
        BigDecimal quantity = item.quantity(sums);
        return switch (item) {
            case INPUT -> quantity.multiply(price.input()).movePointLeft(6);
            case CACHED_INPUT -> quantity.multiply(price.cached()).movePointLeft(6);
            case OUTPUT -> quantity.multiply(price.output()).movePointLeft(6);
            case AUDIO -> quantity.multiply(price.audioMinute()).divide(BigDecimal.valueOf(60), MathContext.DECIMAL64);
        };
    }
}
