package org.llmfactory.models.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code loop} variable of one loop; moves on with it. */
final class Loop {
    private final List<Object> elements;
    private final int depth;
    private final @Nullable Callable recursion;
    private int index;
    private @Nullable Object lastChecked;

    /**
     * Before the first element.
     *
     * @param recursion what calling the loop does, where it is a recursive one
     */
    Loop(List<Object> elements, int depth, @Nullable Callable recursion) {
        this.elements = elements;
        this.depth = depth;
        this.recursion = recursion;
    }

    void moveTo(int index) {
        this.index = index;
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) elements.size() - index;
            case "revindex0" -> elements.size() - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == elements.size() - 1;
            case "length" -> (long) elements.size();
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> neighbour(index - 1);
            case "nextitem" -> neighbour(index + 1);
            case "cycle" -> (Callable) (context, arguments) -> cycle(arguments);
            case "changed" -> (Callable) (context, arguments) -> hasChanged(arguments);
            default -> Undefined.member(this, name);
        };
    }

    Object call(Context context, Arguments arguments) {
        if (recursion == null) {
            throw new TemplateException("only a recursive loop can be called");
        }
        return recursion.call(context, arguments);
    }

    private Object neighbour(int position) {
        boolean inside = position >= 0 && position < elements.size();
        return inside ? elements.get(position) : new Undefined("there is no such item in the loop");
    }

    private Object cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw new TemplateException("cycle() needs something to go through");
        }
        return arguments.positional().get(index % arguments.positional().size());
    }

    private boolean hasChanged(Arguments arguments) {
        Object checked = new Tuple(arguments.positional());
        boolean changed = lastChecked == null || !Operators.equal(lastChecked, checked);
        lastChecked = checked;
        return changed;
    }
}
