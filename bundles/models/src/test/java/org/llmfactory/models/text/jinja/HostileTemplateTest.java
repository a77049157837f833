package org.llmfactory.models.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A template that means harm gives one error, soon. */
@Timeout(60)
final class HostileTemplateTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'x' * 2000000000 }}",
                "{{ 'x' * 99999999999999 }}",
                "{{ [0] * 99999999999999 }}",
                "{{ range(99999999999) }}",
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x='xx') %}{% for i in range(60) %}{% set ns.x = ns.x.replace('x', ns.x) %}{% endfor %}",
                "{% set ns = namespace(x='xx') %}{% for i in range(60) %}{% set ns.x = ns.x | join(ns.x) %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
                "{{ '%2000000000d' % 1 }}",
                "{{ '{:2000000000d}'.format(1) }}",
                "{{ 'x'.center(2000000000) }}",
                "{{ 'x'.zfill(2000000000) }}",
                "{{ 'x' | indent(99) | batch(999999999, 'y') }}",
                "{{ 9 ** 9 ** 9 ** 9 }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ 99999999999999999999999 }}",
                "{{ 1 % 0 }}"
            })
    void isStopped(String template) {
        assertThatThrownBy(() -> Template.parse(template).render(Map.of(), Clock.systemUTC()))
                .isInstanceOf(TemplateException.class);
    }

    @Test
    void deepNestingIsRefused() {
        for (String template : new String[] {
            "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
            "{{ " + "[".repeat(200_000),
            "{{ " + "not ".repeat(200_000) + "1 }}",
            "{{ 1" + " + 1".repeat(200_000) + " }}",
            "{{ 1" + "|abs".repeat(200_000) + " }}",
            "{% if 1 %}".repeat(20_000),
            "{% if 0 %}" + "{% elif 0 %}".repeat(80_000) + "{% endif %}"
        }) {
            assertThatThrownBy(() -> Template.parse(template).render(Map.of(), Clock.systemUTC()))
                    .isInstanceOf(TemplateException.class);
        }
    }

    @Test
    void anOverlongTemplateIsRefused() {
        assertThatThrownBy(() -> Template.parse("x".repeat(2_000_000))).isInstanceOf(TemplateException.class);
    }

    @Test
    void longConversationsStayFarFromTheBounds() {
        String template = "{% set ns = namespace(t='') %}{% for m in messages %}"
                + "{% set ns.t = ns.t ~ '<' ~ m.role ~ '>' ~ m.content | trim %}{% endfor %}{{ ns.t }}";
        Map<String, Object> message = Map.of("role", "user", "content", "word ".repeat(100));
        long start = System.nanoTime();

        String text = Template.parse(template)
                .render(Map.of("messages", Collections.nCopies(300, message)), Clock.systemUTC());

        assertThat(text).hasSize(300 * (6 + 499));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}
