package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements. */
final class Statements {
    static final Statement BREAK = context -> Flow.BREAK;
    static final Statement CONTINUE = context -> Flow.CONTINUE;

    private Statements() {}

    /** One after the other, until one leaves the loop or its iteration. */
    record Sequence(List<Statement> statements) implements Statement {
        @Override
        public Flow execute(Context context) {
            for (Statement statement : statements) {
                context.budget().step();
                Flow flow = statement.execute(context);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        }
    }

    record Text(String text) implements Statement {
        @Override
        public Flow execute(Context context) {
            context.print(text);
            return Flow.NEXT;
        }
    }

    record Print(Expression expression) implements Statement {
        @Override
        public Flow execute(Context context) {
            context.print(Values.text(expression.evaluate(context)));
            return Flow.NEXT;
        }
    }

    record If(
            Expression condition, Statement then, @Nullable Statement otherwise) implements Statement {
        @Override
        public Flow execute(Context context) {
            if (Values.isTrue(condition.evaluate(context))) {
                return then.execute(context);
            }
            return otherwise == null ? Flow.NEXT : otherwise.execute(context);
        }
    }

    record For(
            Target target,
            Expression iterable,
            @Nullable Expression filter,
            boolean recursive,
            Statement body,
            @Nullable Statement otherwise)
            implements Statement {
        @Override
        public Flow execute(Context context) {
            Object elements = iterable.evaluate(context);
            run(context, elements, 0);
            return Flow.NEXT;
        }

        private void run(Context context, Object iterated, int depth) {
            Scope outer = context.scope();
            List<Object> elements = filtered(context, Values.elements(iterated), outer);
            Callable recursion = recursive ? (inner, arguments) -> recurse(inner, arguments, outer, depth) : null;
            Loop loop = new Loop(elements, depth, recursion);
            Flow flow = Flow.NEXT;
            for (int i = 0; i < elements.size() && flow != Flow.BREAK; i++) {
                context.budget().step();
                loop.moveTo(i);
                Object element = elements.get(i);
                flow = context.inside(new Scope(outer), () -> {
                    context.set("loop", loop);
                    target.assign(context, element);
                    return body.execute(context);
                });
            }
            if (elements.isEmpty() && otherwise != null) {
                context.inside(new Scope(outer), () -> otherwise.execute(context));
            }
        }

        private Object recurse(Context context, Arguments arguments, Scope outer, int depth) {
            Object elements = arguments.bind("loop", "iterable").required(0);
            return context.capture(outer, () -> {
                run(context, elements, depth + 1);
                return Flow.NEXT;
            });
        }

        private List<Object> filtered(Context context, List<Object> elements, Scope outer) {
            if (filter == null) {
                return elements;
            }
            List<Object> kept = new ArrayList<>();
            for (Object element : elements) {
                context.budget().step();
                context.inside(new Scope(outer), () -> {
                    target.assign(context, element);
                    if (Values.isTrue(filter.evaluate(context))) {
                        kept.add(element);
                    }
                    return Flow.NEXT;
                });
            }
            return kept;
        }
    }

    record Set(Target target, Expression value) implements Statement {
        @Override
        public Flow execute(Context context) {
            target.assign(context, value.evaluate(context));
            return Flow.NEXT;
        }
    }

    /** Assigns what a body prints, sent through filters. */
    record SetBlock(Target target, Statement body, FilterChain filters) implements Statement {
        @Override
        public Flow execute(Context context) {
            String printed = context.capture(context.scope(), () -> body.execute(context));
            target.assign(context, filters.apply(printed, context));
            return Flow.NEXT;
        }
    }

    /** Prints what a body prints, sent through filters. */
    record FilterBlock(Statement body, FilterChain filters) implements Statement {
        @Override
        public Flow execute(Context context) {
            String printed = context.capture(context.scope(), () -> body.execute(context));
            context.print(Values.text(filters.apply(printed, context)));
            return Flow.NEXT;
        }
    }

    /** A body with variables of its own. */
    record With(Map<String, Expression> variables, Statement body) implements Statement {
        @Override
        public Flow execute(Context context) {
            Scope outer = context.scope();
            return context.inside(outer, () -> {
                Scope inner = context.scope();
                variables.forEach((name, value) -> inner.set(name, value.evaluate(context)));
                return body.execute(context);
            });
        }
    }

    record DefineMacro(String name, List<String> parameters, List<Expression> defaults, Statement body)
            implements Statement {
        @Override
        public Flow execute(Context context) {
            context.set(name, new Macro(name, parameters, defaults, body, context.scope()));
            return Flow.NEXT;
        }
    }

    /** Calls a macro that in turn may call the body, as {@code caller()}. */
    record CallBlock(Expressions.Call call, List<String> parameters, List<Expression> defaults, Statement body)
            implements Statement {
        @Override
        public Flow execute(Context context) {
            Macro caller = new Macro("caller", parameters, defaults, body, context.scope());
            context.print(Values.text(call.evaluate(context, Map.of("caller", caller))));
            return Flow.NEXT;
        }
    }

    /** Filters, one after the other. */
    record FilterChain(List<Expressions.FilterCall> filters) {
        Object apply(Object value, Context context) {
            Object result = value;
            for (Expressions.FilterCall filter : filters) {
                result = filter.apply(result, context);
            }
            return result;
        }
    }
}
