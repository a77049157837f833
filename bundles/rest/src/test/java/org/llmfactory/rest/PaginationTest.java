package org.llmfactory.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Pagination.Query;

final class PaginationTest {
    private static final List<String> ITEMS = List.of("a", "b", "c", "d", "e");

    @Test
    void pagesFollowOneAnother() {
        Page<String> first = page(query("2", null, null, "asc"));
        Page<String> second = page(query("2", first.lastId(), null, "asc"));
        Page<String> third = page(query("2", second.lastId(), null, "asc"));

        assertThat(first).isEqualTo(new Page<>("list", List.of("a", "b"), "a", "b", true));
        assertThat(second.data()).containsExactly("c", "d");
        assertThat(third).isEqualTo(new Page<>("list", List.of("e"), "e", "e", false));
    }

    @Test
    void newestCanComeFirst() {
        assertThat(page(query("2", "d", null, "desc")).data()).containsExactly("c", "b");
    }

    @Test
    void pageCanEndBeforeAnItem() {
        assertThat(page(query(null, "a", "d", null)).data()).containsExactly("b", "c");
    }

    @Test
    void emptyListHasNoIds() {
        Page<String> page = Pagination.page(List.of(), query(null, null, null, null), Function.identity());

        assertThat(page).isEqualTo(new Page<>("list", List.of(), null, null, false));
    }

    @Test
    void limitIsBroughtInsideItsBounds() {
        assertThat(query("0", null, null, null).limit()).isEqualTo(1);
        assertThat(query("-3", null, null, null).limit()).isEqualTo(1);
        assertThat(query("1000", null, null, null).limit()).isEqualTo(100);
        assertThat(query(null, null, null, null).limit()).isEqualTo(20);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> query("many", null, null, null)).hasMessageContaining("'limit'");
        assertThatThrownBy(() -> query(null, null, null, "up")).hasMessageContaining("'order'");
        assertThatThrownBy(() -> page(query(null, "z", null, null))).hasMessageContaining("'after'");
    }

    private static Query query(String limit, String after, String before, String order) {
        return Query.of(limit, 20, 100, after, before, order, false);
    }

    private static Page<String> page(Query query) {
        return Pagination.page(ITEMS, query, Function.identity());
    }
}
