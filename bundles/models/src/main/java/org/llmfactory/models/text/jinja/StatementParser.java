package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llmfactory.models.text.jinja.Token.Kind;

/** Reads a template's statements. */
final class StatementParser {
    private static final int DEEPEST = 100;

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** The whole template. */
    Statement template() {
        Statement body = body();
        if (tokens.current().kind() != Kind.END) {
            throw tokens.unexpected("expected a statement");
        }
        return body;
    }

    /** Statements up to a tag that ends or parts the block around them; its name is the current token then. */
    private Statement body(String... ends) {
        if (++depth > DEEPEST) {
            throw TemplateException.at(tokens.line(), "blocks are nested too deeply");
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Kind.TEXT) {
                statements.add(new Statements.Text(tokens.next().text()));
            } else if (token.kind() == Kind.PRINT_BEGIN) {
                tokens.next();
                statements.add(new Statements.Print(expressions.tuple(true)));
                tokens.expect(Kind.PRINT_END);
            } else if (token.kind() == Kind.BLOCK_BEGIN) {
                tokens.next();
                if (List.of(ends).contains(tokens.current().text())) {
                    break;
                }
                statements.add(statement());
            } else if (ends.length == 0) {
                break;
            } else {
                throw tokens.unexpected("expected '{% " + ends[ends.length - 1] + " %}'");
            }
        }
        depth--;
        return statements.size() == 1 ? statements.get(0) : new Statements.Sequence(statements);
    }

    private Statement statement() {
        Token tag = tokens.expect(Kind.NAME);
        return switch (tag.text()) {
            case "if" -> conditional();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "call" -> call();
            case "filter" -> filterBlock();
            case "with" -> with();
            case "generation" -> generation();
            case "break" -> jump(tag, Statements.BREAK);
            case "continue" -> jump(tag, Statements.CONTINUE);
            default -> throw TemplateException.at(tag.line(), "unknown tag '" + tag.text() + "'");
        };
    }

    private Statement conditional() {
        Expression condition = expressions.tuple(false);
        tokens.expect(Kind.BLOCK_END);
        Statement then = body("elif", "else", "endif");
        if (tokens.skipName("elif")) {
            return new Statements.If(condition, then, conditional());
        }
        if (!tokens.skipName("else")) {
            end("endif");
            return new Statements.If(condition, then, null);
        }
        tokens.expect(Kind.BLOCK_END);
        Statement otherwise = body("endif");
        end("endif");
        return new Statements.If(condition, then, otherwise);
    }

    private Statement loop() {
        Target target = target();
        tokens.expectName("in");
        Expression iterable = expressions.tuple(false);
        Expression filter = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        tokens.expect(Kind.BLOCK_END);
        loops++;
        Statement body = body("else", "endfor");
        loops--;
        Statement otherwise = null;
        if (tokens.skipName("else")) {
            tokens.expect(Kind.BLOCK_END);
            otherwise = body("endfor");
        }
        end("endfor");
        return new Statements.For(target, iterable, filter, recursive, body, otherwise);
    }

    private Statement jump(Token tag, Statement jump) {
        if (loops == 0) {
            throw TemplateException.at(tag.line(), "'" + tag.text() + "' outside a loop");
        }
        tokens.expect(Kind.BLOCK_END);
        return jump;
    }

    private Statement assignment() {
        Target target = target();
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple(true);
            tokens.expect(Kind.BLOCK_END);
            return new Statements.Set(target, value);
        }
        List<Expressions.FilterCall> filters = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            filters.add(expressions.filter());
        }
        tokens.expect(Kind.BLOCK_END);
        Statement body = isolated("endset");
        return new Statements.SetBlock(target, body, new Statements.FilterChain(filters));
    }

    private Target target() {
        List<Target> targets = new ArrayList<>(List.of(singleTarget()));
        boolean several = false;
        while (tokens.skipOperator(",")) {
            several = true;
            if (tokens.current().kind() != Kind.NAME && !tokens.isOperator("(")) {
                break;
            }
            targets.add(singleTarget());
        }
        return several ? new Target.Several(targets) : targets.get(0);
    }

    private Target singleTarget() {
        if (tokens.skipOperator("(")) {
            Target inside = target();
            tokens.expectOperator(")");
            return inside;
        }
        String name = tokens.expect(Kind.NAME).text();
        return tokens.skipOperator(".")
                ? new Target.Member(name, tokens.expect(Kind.NAME).text())
                : new Target.Variable(name);
    }

    private Statement macro() {
        String name = tokens.expect(Kind.NAME).text();
        Signature signature = signature();
        tokens.expect(Kind.BLOCK_END);
        return new Statements.DefineMacro(name, signature.parameters(), signature.defaults(), isolated("endmacro"));
    }

    private Statement call() {
        Signature signature = tokens.isOperator("(") ? signature() : new Signature(List.of(), List.of());
        if (!(expressions.expression() instanceof Expressions.Call call)) {
            throw tokens.unexpected("expected a call");
        }
        tokens.expect(Kind.BLOCK_END);
        return new Statements.CallBlock(call, signature.parameters(), signature.defaults(), isolated("endcall"));
    }

    private record Signature(List<String> parameters, List<Expression> defaults) {}

    private Signature signature() {
        tokens.expectOperator("(");
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            parameters.add(tokens.expect(Kind.NAME).text());
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.unexpected("a parameter without default follows one that has one");
            }
            if (!tokens.isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Signature(parameters, defaults);
    }

    private Statement filterBlock() {
        List<Expressions.FilterCall> filters = new ArrayList<>(List.of(expressions.filter()));
        while (tokens.skipOperator("|")) {
            filters.add(expressions.filter());
        }
        tokens.expect(Kind.BLOCK_END);
        return new Statements.FilterBlock(isolated("endfilter"), new Statements.FilterChain(filters));
    }

    private Statement with() {
        Map<String, Expression> variables = new LinkedHashMap<>();
        while (tokens.current().kind() != Kind.BLOCK_END) {
            String name = tokens.expect(Kind.NAME).text();
            tokens.expectOperator("=");
            variables.put(name, expressions.expression());
            if (tokens.current().kind() != Kind.BLOCK_END) {
                tokens.expectOperator(",");
            }
        }
        tokens.expect(Kind.BLOCK_END);
        Statement body = body("endwith");
        end("endwith");
        return new Statements.With(variables, body);
    }

    /** Marks what the assistant said, for training; for rendering only a scope. */
    private Statement generation() {
        tokens.expect(Kind.BLOCK_END);
        return new Statements.FilterBlock(isolated("endgeneration"), new Statements.FilterChain(List.of()));
    }

    /** A body that the loops around it cannot be left from. */
    private Statement isolated(String end) {
        int outer = loops;
        loops = 0;
        Statement body = body(end);
        loops = outer;
        end(end);
        return body;
    }

    private void end(String name) {
        tokens.expectName(name);
        if (tokens.current().kind() == Kind.NAME && name.equals("endmacro")) {
            tokens.next();
        }
        tokens.expect(Kind.BLOCK_END);
    }
}
