package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The expressions. */
final class Expressions {
    private Expressions() {}

    record Constant(Object value) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return value;
        }
    }

    record Name(String name) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return context.variable(name);
        }
    }

    record ListLiteral(List<Expression> elements) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return evaluateAll(elements, context);
        }
    }

    record TupleLiteral(List<Expression> elements) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return new Tuple(evaluateAll(elements, context));
        }
    }

    /** A map; keys and values alternate. */
    record MapLiteral(List<Expression> entries) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < entries.size(); i += 2) {
                Object key = entries.get(i).evaluate(context);
                if (key instanceof Map || (key instanceof List && !(key instanceof Tuple))) {
                    throw new TemplateException("a value of type '" + Values.typeName(key) + "' cannot be a key");
                }
                map.put(key, entries.get(i + 1).evaluate(context));
            }
            return map;
        }
    }

    record Attribute(Expression owner, String name) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Members.attribute(owner.evaluate(context), name);
        }
    }

    record Item(Expression owner, Expression key) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Members.item(owner.evaluate(context), key.evaluate(context));
        }
    }

    record Slice(Expression owner, Expression start, Expression stop, Expression step) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Members.slice(
                    owner.evaluate(context),
                    start.evaluate(context),
                    stop.evaluate(context),
                    step.evaluate(context),
                    context);
        }
    }

    /** The arguments of a call; {@code *} and {@code **} ones are spread. */
    record ArgumentList(
            List<Expression> positional,
            Map<String, Expression> named,
            @Nullable Expression spread,
            @Nullable Expression spreadNamed) {
        static final ArgumentList NONE = new ArgumentList(List.of(), Map.of(), null, null);

        Arguments evaluate(Context context) {
            List<Object> values = evaluateAll(positional, context);
            if (spread != null) {
                values.addAll(Values.elements(spread.evaluate(context)));
            }
            Map<String, Object> byName = new LinkedHashMap<>();
            named.forEach((name, value) -> byName.put(name, value.evaluate(context)));
            if (spreadNamed != null) {
                if (!(spreadNamed.evaluate(context) instanceof Map<?, ?> map)) {
                    throw new TemplateException("what follows '**' is no map");
                }
                map.forEach((name, value) -> byName.put(Values.text(name), value));
            }
            return new Arguments(values, byName);
        }
    }

    record Call(Expression function, ArgumentList arguments) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return evaluate(context, Map.of());
        }

        Object evaluate(Context context, Map<String, Object> added) {
            context.budget().step();
            Object callee = function.evaluate(context);
            Arguments given = arguments.evaluate(context);
            given.named().putAll(added);
            if (callee instanceof Callable callable) {
                return callable.call(context, given);
            }
            if (callee instanceof Loop loop) {
                return loop.call(context, given);
            }
            Operators.rejectUndefined(callee);
            throw new TemplateException("a value of type '" + Values.typeName(callee) + "' cannot be called");
        }
    }

    /** A filter without the value that goes in. */
    record FilterCall(String name, ArgumentList arguments) {
        Object apply(Object value, Context context) {
            context.budget().step();
            return Filters.apply(name, value, arguments.evaluate(context), context);
        }
    }

    record Filtered(Expression value, FilterCall filter) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return filter.apply(value.evaluate(context), context);
        }
    }

    record Tested(Expression value, String test, ArgumentList arguments) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Tests.apply(test, value.evaluate(context), arguments.evaluate(context), context);
        }
    }

    record Not(Expression value) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return !Values.isTrue(value.evaluate(context));
        }
    }

    /** A plus or minus sign. */
    record Signed(boolean negative, Expression value) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Object number = value.evaluate(context);
            Operators.rejectUndefined(number);
            if (!Values.isNumber(number)) {
                throw new TemplateException(
                        "a sign does not go with a value of type '" + Values.typeName(number) + "'");
            }
            return negative ? Numbers.negate(number) : number;
        }
    }

    /** {@code and} and {@code or}: the value that decided. */
    record Logical(boolean and, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Object first = left.evaluate(context);
            return Values.isTrue(first) == and ? right.evaluate(context) : first;
        }
    }

    record Conditional(
            Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {
        @Override
        public Object evaluate(Context context) {
            if (Values.isTrue(condition.evaluate(context))) {
                return then.evaluate(context);
            }
            return otherwise == null
                    ? new Undefined("a conditional without 'else' has no value")
                    : otherwise.evaluate(context);
        }
    }

    /** {@code a < b < c}: true when each neighbour pair is. */
    record Comparison(Expression first, List<String> operators, List<Expression> others) implements Expression {
        @Override
        public Object evaluate(Context context) {
            Object left = first.evaluate(context);
            for (int i = 0; i < operators.size(); i++) {
                Object right = others.get(i).evaluate(context);
                if (!holds(operators.get(i), left, right, context)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        private static boolean holds(String operator, Object left, Object right, Context context) {
            return switch (operator) {
                case "==" -> Operators.equal(left, right);
                case "!=" -> !Operators.equal(left, right);
                case "<" -> Operators.compare(left, right) < 0;
                case "<=" -> Operators.compare(left, right) <= 0;
                case ">" -> Operators.compare(left, right) > 0;
                case ">=" -> Operators.compare(left, right) >= 0;
                case "in" -> Operators.contains(right, left, context);
                case "not in" -> !Operators.contains(right, left, context);
                default -> throw new IllegalStateException("no such comparison: " + operator);
            };
        }
    }

    record Binary(String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Context context) {
            return Operators.apply(operator, left.evaluate(context), right.evaluate(context), context);
        }
    }

    /** {@code ~}: the values' texts, joined. */
    record Concatenation(List<Expression> parts) implements Expression {
        @Override
        public Object evaluate(Context context) {
            StringBuilder text = new StringBuilder();
            for (Expression part : parts) {
                text.append(context.budget().made(Values.text(part.evaluate(context))));
            }
            return text.toString();
        }
    }

    static List<Object> evaluateAll(List<Expression> expressions, Context context) {
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(expression.evaluate(context));
        }
        return values;
    }
}
