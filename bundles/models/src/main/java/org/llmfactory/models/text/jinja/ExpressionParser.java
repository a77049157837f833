package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.models.text.jinja.Token.Kind;

/** Reads expressions: a method for each level of precedence, loosest first. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> NO_TEST_ARGUMENT = Set.of("else", "or", "and", "if");
    private static final Expression NONE = new Expressions.Constant(None.NONE);

    private final TokenStream tokens;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    Expression expression() {
        return conditional();
    }

    /** One expression, or several parted by commas: a tuple. */
    Expression tuple(boolean conditionals) {
        Expression first = conditionals ? conditional() : or();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !atTupleEnd()) {
            elements.add(conditionals ? conditional() : or());
        }
        return new Expressions.TupleLiteral(elements);
    }

    private boolean atTupleEnd() {
        Kind kind = tokens.current().kind();
        return kind == Kind.BLOCK_END || kind == Kind.PRINT_END || tokens.isOperator(")");
    }

    private Expression conditional() {
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            value = new Expressions.Conditional(condition, value, tokens.skipName("else") ? conditional() : null);
        }
        return value;
    }

    /** An expression that may not end in {@code if}. */
    Expression or() {
        Expression value = and();
        while (tokens.skipName("or")) {
            value = new Expressions.Logical(false, value, and());
        }
        return value;
    }

    private Expression and() {
        Expression value = not();
        while (tokens.skipName("and")) {
            value = new Expressions.Logical(true, value, not());
        }
        return value;
    }

    private Expression not() {
        return tokens.skipName("not") ? new Expressions.Not(not()) : comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        for (String operator = comparator(); operator != null; operator = comparator()) {
            operators.add(operator);
            others.add(sum());
        }
        return operators.isEmpty() ? first : new Expressions.Comparison(first, operators, others);
    }

    private @Nullable String comparator() {
        Token token = tokens.current();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
            return tokens.next().text();
        }
        if (tokens.skipName("in")) {
            return "in";
        }
        if (tokens.isName("not") && tokens.ahead().isName("in")) {
            tokens.next();
            tokens.next();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        Expression value = concatenation();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            value = new Expressions.Binary(tokens.next().text(), value, concatenation());
        }
        return value;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expressions.Concatenation(parts);
    }

    private Expression product() {
        Expression value = power();
        while (tokens.isOperator("*") || tokens.isOperator("/") || tokens.isOperator("//") || tokens.isOperator("%")) {
            value = new Expressions.Binary(tokens.next().text(), value, power());
        }
        return value;
    }

    private Expression power() {
        Expression value = unary(true);
        while (tokens.skipOperator("**")) {
            value = new Expressions.Binary("**", value, unary(true));
        }
        return value;
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (tokens.skipOperator("-")) {
            value = new Expressions.Signed(true, unary(false));
        } else if (tokens.skipOperator("+")) {
            value = new Expressions.Signed(false, unary(false));
        } else {
            value = primary();
        }
        value = postfix(value);
        return filters ? filtersAndTests(value) : value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> string(token.text());
            case INTEGER -> new Expressions.Constant(integer(token));
            case FLOAT ->
                new Expressions.Constant(Double.parseDouble(token.text().replace("_", "")));
            case OPERATOR -> bracketed(token);
            case TEXT, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> throw unexpected(token);
        };
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expressions.Constant(true);
            case "false", "False" -> new Expressions.Constant(false);
            case "none", "None" -> NONE;
            default -> new Expressions.Name(name);
        };
    }

    private Expression string(String first) {
        StringBuilder text = new StringBuilder(first);
        while (tokens.current().kind() == Kind.STRING) {
            text.append(tokens.next().text());
        }
        return new Expressions.Constant(text.toString());
    }

    private static Object integer(Token token) {
        String digits = token.text().replace("_", "").toLowerCase(Locale.ROOT);
        int radix = digits.startsWith("0x") ? 16 : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 10;
        try {
            return Long.parseLong(radix == 10 ? digits : digits.substring(2), radix);
        } catch (NumberFormatException e) {
            throw TemplateException.at(token.line(), "the number " + digits + " is out of range");
        }
    }

    private Expression bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> {
                if (tokens.skipOperator(")")) {
                    yield new Expressions.TupleLiteral(List.of());
                }
                Expression inside = tuple(true);
                tokens.expectOperator(")");
                yield inside;
            }
            case "[" -> new Expressions.ListLiteral(until("]"));
            case "{" -> map();
            default -> throw unexpected(token);
        };
    }

    private List<Expression> until(String closing) {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.skipOperator(closing)) {
            elements.add(expression());
            if (!tokens.isOperator(closing)) {
                tokens.expectOperator(",");
            }
        }
        return elements;
    }

    private Expression map() {
        List<Expression> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            entries.add(expression());
            tokens.expectOperator(":");
            entries.add(expression());
            if (!tokens.isOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return new Expressions.MapLiteral(entries);
    }

    private Expression postfix(Expression owner) {
        Expression value = owner;
        while (true) {
            if (tokens.skipOperator(".")) {
                value = dotted(value);
            } else if (tokens.skipOperator("[")) {
                value = subscript(value);
            } else if (tokens.isOperator("(")) {
                value = new Expressions.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression dotted(Expression owner) {
        Token name = tokens.next();
        return switch (name.kind()) {
            case NAME -> new Expressions.Attribute(owner, name.text());
            case INTEGER -> new Expressions.Item(owner, new Expressions.Constant(integer(name)));
            default -> throw unexpected(name);
        };
    }

    private Expression subscript(Expression owner) {
        Expression start = tokens.isOperator(":") ? NONE : tuple(true);
        if (tokens.skipOperator("]")) {
            return new Expressions.Item(owner, start);
        }
        tokens.expectOperator(":");
        Expression stop = tokens.isOperator(":") || tokens.isOperator("]") ? NONE : expression();
        Expression step = tokens.skipOperator(":") && !tokens.isOperator("]") ? expression() : NONE;
        tokens.expectOperator("]");
        return new Expressions.Slice(owner, start, stop, step);
    }

    /** What stands between the parentheses of a call. */
    Expressions.ArgumentList arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression spread = null;
        Expression spreadNamed = null;
        while (!tokens.skipOperator(")")) {
            if (tokens.skipOperator("**")) {
                spreadNamed = expression();
            } else if (tokens.skipOperator("*")) {
                spread = expression();
            } else if (tokens.current().kind() == Kind.NAME && tokens.ahead().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty() && spread == null && spreadNamed == null) {
                positional.add(expression());
            } else {
                throw tokens.unexpected("a positional argument must come first");
            }
            if (!tokens.isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Expressions.ArgumentList(positional, named, spread, spreadNamed);
    }

    private Expression filtersAndTests(Expression owner) {
        Expression value = owner;
        while (true) {
            if (tokens.skipOperator("|")) {
                value = new Expressions.Filtered(value, filter());
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.isOperator("(")) {
                value = new Expressions.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    /** A filter's name and arguments. */
    Expressions.FilterCall filter() {
        String name = qualifiedName();
        return new Expressions.FilterCall(name, tokens.isOperator("(") ? arguments() : Expressions.ArgumentList.NONE);
    }

    private Expression test(Expression value) {
        boolean negated = tokens.skipName("not");
        String name = qualifiedName();
        Expressions.ArgumentList arguments = Expressions.ArgumentList.NONE;
        if (tokens.isOperator("(")) {
            arguments = arguments();
        } else if (beginsTestArgument()) {
            arguments = new Expressions.ArgumentList(List.of(postfix(primary())), Map.of(), null, null);
        }
        Expression tested = new Expressions.Tested(value, name, arguments);
        return negated ? new Expressions.Not(tested) : tested;
    }

    private boolean beginsTestArgument() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !NO_TEST_ARGUMENT.contains(token.text());
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            case TEXT, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    private String qualifiedName() {
        StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME).text());
        }
        return name.toString();
    }

    private static TemplateException unexpected(Token token) {
        return TemplateException.at(token.line(), "expected an expression, found " + token.shown());
    }
}
