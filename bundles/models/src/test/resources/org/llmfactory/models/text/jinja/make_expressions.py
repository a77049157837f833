"""Renders small templates with Python's Jinja, set up as transformers does, into expressions.json beside this file.

python3 -m venv venv && venv/bin/pip install jinja2==3.1.6 && venv/bin/python make_expressions.py
"""

import json
import pathlib

from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

VARIABLES = {
    "text": "  Hello, wörld: 日本 👍 fine  ",
    "word": "straße",
    "numbers": [3, 1, 2, 10],
    "names": ["beta", "Alpha", "gamma", "alpha"],
    "people": [
        {"name": "Ann", "age": 31, "tags": ["a", "b"]},
        {"name": "bob", "age": 7, "tags": []},
        {"name": "Cid", "age": 31, "tags": ["c"]},
    ],
    "config": {"b": 1, "a": {"x": [1, 2.5, None, True, "q\"'\n"]}, "C": "ü"},
    "nothing": None,
    "yes": True,
    "zero": 0,
    "pi": 3.14159,
    "quote": "it's",
}

EXPRESSIONS = r"""
1 + 2 * 3 - 4 / 2
7 // 2, -7 // 2, 7 % 3, -7 % 3, 7.5 % 2, -7.5 % 2, 7.5 // 2
2 ** 10, 2 ** -1, 2 ** 0.5
-2 ** 2
1e3, 1e16, 1.5e-7, 0.1 + 0.2, 1/3, 100000000000000000000.0, 123456789.123
1_000, 0x1f, 0b101, 0o17
"a" + "b", "ab" * 3, 3 * "ab", [1] * 3, [1] + [2], (1,) + (2,)
"a" ~ 1 ~ none ~ true ~ 1.0 ~ [1, "x"] ~ missing
1 == 1.0, true == 1, "1" == 1, none == false, [1, 2] == [1, 2], (1, 2) == [1, 2], {"a": 1} == {"a": 1.0}
1 < 2 < 3, 1 < 3 < 2, "a" < "b", [1, 2] < [1, 3], 1 != 2 == 2
1 in numbers, 5 not in numbers, "ell" in text, "a" in config, "x" in missing
not true, not not 1, true and "x", 0 or "y", none and 1, "" or none
"x" if yes else "y", "x" if zero, ("x" if zero) is defined
missing, missing is defined, missing | default("d"), none | default("d"), "" | default("d", true), config.zzz | default
nothing.x is defined, config.a.x[1], config["a"]["x"][-1], config.get("b"), config.get("zz"), config.get("zz", 5)
numbers[1:], numbers[:-1], numbers[::2], numbers[::-1], numbers[-2:], numbers[5:], numbers[1:3], numbers[-100:2]
text[2:7], text[::-1], text[3], text[-4], text[100:], text[13:16]
numbers[10] is defined, numbers.0, numbers[0], (1, 2, 3)[1:], "abc".1
text.strip(), text.lstrip(), text.rstrip(), "xxaxx".strip("x"), "abcab".strip("ab"), "abc".rstrip("c")
text.split(), "a,b,,c".split(","), "a,b,,c".split(",", 1), "a,b,c".rsplit(",", 1), " a  b ".split(None, 1), "".split(), "".split(",")
"a\nb\r\nc\n".splitlines(), "a\nb\n".splitlines(true)
"abc".startswith("ab"), "abc".startswith(("x", "a")), "abc".endswith("bc"), "abc".startswith("b", 1), "abc".endswith(("x", "c"))
"a-b-a".replace("a", "zz"), "a-b-a".replace("a", "z", 1), "abc".replace("", "."), "abc" | replace("b", "x")
"hello world-wide it's".title(), "hello world-wide it's" | title, "hELLO".capitalize(), "hELLO" | capitalize, "aBc".swapcase(), word.upper(), word | upper, "ÄÖ".lower()
text.find("wörld"), text.find("zz"), text.find("👍"), text.rfind("f"), "abcabc".index("c"), "abcabc".find("a", 1), "aaaa".count("aa"), "abc".count("")
"7".isdigit(), "a7".isalnum(), "".isdigit(), " ".isspace(), "Ab".isupper(), "AB1".isupper(), "ab".islower(), "x".isalpha(), "²".isdigit(), "½".isnumeric()
"5".zfill(3), "-5".zfill(4), "ab".ljust(4, "."), "ab".rjust(4), "ab".center(5, "*"), "a:b:c".partition(":"), "a:b:c".rpartition(":"), "abc".partition("x"), "abc".rpartition("x")
"unhappy".removeprefix("un"), "file.txt".removesuffix(".txt"), ", ".join(["a", "b"]), "x".join("abc")
"%s is %d and %.2f %5s|%-5s|%05d|%+d|%x|%%" % ("it", 3, pi, "a", "b", 42, 7, 255)
"%s" % "x", "%s" % [1, 2], "%(a)s-%(b)d" % {"a": "x", "b": 2}, "%r" % "q", "%e" % 12345.678, "%g" % 0.00001234, "%5.1f|" % pi
"{} {} {0}".replace("{0}", "").format(1, "b"), "{0}-{1}-{0}".format("a", "b"), "{x:>5}|{x:<5}|{x:^5}|{x:*^5}".format(x="a"), "{:05d} {:,} {:.1f} {:x} {:+}".format(42, 1234567, 2.25, 255, 3)
"{:>8.3f}|{:%}|{:.2e}|{:g}|{!r}|{{}}".format(pi, 0.25, 12345.678, 1e10, "q"), "{a.b} {c[0]}".format(a={"b": 1}, c=[7]) if zero else "skip"
"%s and %s" | format("a", "b"), "%(x)s" | format(x=1)
numbers | length, text | length, config | count, "" | length, missing | length
numbers | sort, numbers | sort(reverse=true), names | sort, names | sort(case_sensitive=true), people | sort(attribute="age") | map(attribute="name") | list, people | sort(attribute="age,name") | map(attribute="name") | list if zero else 1
numbers | first, numbers | last, [] | first is defined, "abc" | first, numbers | min, numbers | max, names | min, numbers | sum, people | sum(attribute="age"), [] | max is defined
numbers | join("-"), [1, none, "x"] | join(","), people | join(", ", attribute="name"), "abc" | join("."), [] | join
numbers | reverse | list, "abc" | reverse, [1, 2, 1, "a", "A"] | unique | list
people | map(attribute="name") | map("upper") | list, people | map(attribute="zz", default="?") | list, names | map("length") | list, ["a-b"] | map("replace", "-", "+") | list, people | map(attribute="tags.0") | map("default", "none") | list
numbers | select("gt", 2) | list, numbers | reject("odd") | list, [0, 1, "", "x"] | select | list, people | selectattr("age", "equalto", 31) | map(attribute="name") | list, people | rejectattr("tags") | list | length, people | selectattr("name", "in", ["Ann"]) | list | count, people | selectattr("zz", "undefined") | list | length
config | dictsort, config | dictsort(reverse=true) | map("first") | list, {"x": 2, "y": 1} | dictsort(by="value"), config | items | list, config.items() | list, config.keys() | list, {"a": 1}.values() | list
people | groupby("age") | map("first") | list, numbers | batch(3) | list, numbers | batch(3, "-") | list, numbers | slice(3) | list, numbers | slice(3, "x") | list
config | tojson, config | tojson(indent=2), [] | tojson, {} | tojson(indent=4), "ü\t\\/<>&'\u2028" | tojson, config | tojson(ensure_ascii=true), [1, 2.0, 1e20, none] | tojson, {1: 2, none: 3} | tojson, config | tojson(sort_keys=true), [1, {"a": []}] | tojson(separators=(",", ":")), "👍" | tojson(ensure_ascii=true)
"12" | int, "12.7" | int, "x" | int, "x" | int(5), "0x1f" | int(base=16), 3.9 | int, none | int, true | int, "1.5" | float, "x" | float, 2 | float, "1e3" | float
2.5 | round, 3.5 | round, 2.567 | round(2), 2.561 | round(2, "ceil"), 2.569 | round(1, "floor"), -3 | abs, 7 | round
"a\nb\n\nc" | indent, "a\nb" | indent(2, true), "a\n\nb" | indent(2, blank=true), "a\nb" | indent("> ")
"x < y & 'z' \"q\"" | escape, "<b>" | safe, "  x " | trim, "xxaxx" | trim("x"), "a b c" | wordcount, "a b" | urlencode, "foo bar baz qux" | truncate(9), "foo bar baz qux" | truncate(11), "foo bar baz qux" | truncate(9, true), "ab" | center(6)
"x" is string, 1 is number, 1 is integer, 1.0 is float, true is number, true is integer, true is boolean, none is none, [] is iterable, {} is mapping, "a" is sequence, {} is sequence, 1 is iterable, config.get is callable
3 is odd, 4 is even, 9 is divisibleby 3, 9 is divisibleby(2), "a" is lower, "A" is upper, 1 is eq 1, 1 is ne 2, 3 is gt 2, 2 is le 2, 1 is in [1], 1 is sameas 1, none is sameas none, true is true, 1 is true, "upper" is filter, "zz" is filter, "odd" is test, missing is undefined, 1 is not none
[1, 2.0, none, true, "a'b", 'a"b', "a\\n\n", (1,), (), {"k": [1]}, "é", "\u200b", "\x07"]
"tab\there", 'single \'quoted\'', "\x41\u00e9", "back\\slash", "\q", "con" "cat", "octal\101"
range(5) | list, range(2, 8, 3) | list, range(5, 0, -2) | list, range(3) | length, dict(a=1, b=2), dict({"x": 1}, y=2), range(10)[2:4] | list, 3 in range(5)
{"a": 1, "b": 2,}, [1, 2,], (1, 2,), (), [], {}, {"a": {"b": {}}}
quote, quote | tojson, [quote], 'both " and \''
numbers | string, none | string, true | lower, 5 | string | length, 3.0 | string
true and (1, 2), (1 if zero else 2, 3), [x for_ in numbers] if zero else 0
"abc"[1], "abc"[-1], "abc"["upper"](), config["items"]() | length, [1, 2].index(2), [1, 1].count(1), (1, 2).index(1)
1 if 0 else 2 if 0 else 3, not 1 == 2, not (1 in [2]), 1 not in [2] and true, -1 | abs, -(1) | abs, (-1) | abs
namespace(a=1).a, namespace({"b": 2}).b, namespace().zz is defined, cycler("a", "b").next(), joiner("|")()
"a" in "abc" and "b" in ["b"], ("a" in {"a": 1}) == true, none in [none], [] in [[]], "" in "abc"
1.0, 10.50, -0.0, 1e100, 5e-324, 1.7976931348623157e308, 2.0 ** 60, 1e15, 123456789012345680.0, 0.0001, 0.00001
[0, "a", none] | map("string") | join("+"), ["1", "2"] | map("int") | sum, "abc" | list, config | list
[3, 1] | sort | first, ([1, 2] | length) > 1, "a" | upper ~ "b", "a" ~ "b" | upper, 5 - 2 | abs, "%s" % ("a" | upper)
""".strip().splitlines()

TEMPLATES = [
    "{% for x in numbers %}{{ loop.index }}/{{ loop.length }}:{{ x }}{{ ',' if not loop.last }}{% endfor %}",
    "{% for x in numbers %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}",
    "{% for x in numbers if x > 1 %}{{ loop.index }}{{ x }} {% else %}none{% endfor %}",
    "{% for x in [] %}{{ x }}{% else %}none{% endfor %}{% for x in missing %}{% else %}undef{% endfor %}",
    "{% for k, v in config.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for x in numbers %}{% if x == 2 %}{% break %}{% endif %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% set n = 0 %}{% for x in numbers %}{% set n = n + x %}{{ n }} {% endfor %}{{ n }}",
    "{% set ns = namespace(n=0) %}{% for x in numbers %}{% set ns.n = ns.n + x %}{% endfor %}{{ ns.n }}",
    "{% if zero %}a{% elif nothing %}b{% elif yes %}c{% else %}d{% endif %}",
    "{% if yes %}{% set inside = 1 %}{% endif %}{{ inside }}",
    "{% set a, b = 1, 2 %}{{ a + b }}{% set t = 1, 2 %}{{ t }}",
    "{% set block %} x {{ yes }} {% endset %}[{{ block }}]{% set up | upper | trim %} abc {% endset %}[{{ up }}]",
    "{% macro m(a, b='x', c=none) %}{{ a }}{{ b }}{{ c }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1) }}|{{ m(1, 2, 3, 4) }}|{{ m(b=1, a=2, z=3) }}|{{ m() }}",
    "{% macro f(n) %}{% if n > 1 %}{{ n }}{{ f(n - 1) }}{% else %}1{% endif %}{% endmacro %}{{ f(5) }}{{ f(2) | length }}",
    "{% set g = 1 %}{% macro m() %}{{ g }}{% endmacro %}{% set g = 2 %}{{ m() }}",
    "{% macro box(t) %}<{{ t }}:{{ caller('in') }}>{% endmacro %}{% call(x) box('T') %}{{ x }}side{% endcall %}",
    "{% for x in [[1, [2, 3]], 4] recursive %}{% if x is iterable %}({{ loop(x) }}){% else %}{{ x }}@{{ loop.depth }}{% endif %}{% endfor %}",
    "{% filter upper %}a{{ word }}{% endfilter %}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% set c = 3 %}{% endwith %}{{ a }}{{ c }}",
    "{% raw %}{{ not }} {% this %}{% endraw %} {{ 1 }}",
    "{%- raw -%}  {{ x }}  {%- endraw -%}  y",
    "a\n  {% if yes %}\n    b\n  {% endif %}\nc\n",
    "a\n  {%- if yes -%}\n    b\n  {%- endif -%}\nc\n\n",
    "a\n  {%+ if yes +%}\n    b\n  {% endif %}\nc",
    "x {# comment #} y\n  {# alone #}\nz{#- tight -#}  w",
    "  {{ 1 }}  \n  {{- 2 -}}  \n{{ 3 }}\n",
    "{% if yes %}\n\n{% endif %}\n{{ 'a' }}\n{% set x = 1 %}\n{{ x }}",
    "\n{% if yes %}x{% endif %}\n",
    "  {% if yes %}x{% endif %}  {% if yes %}y{% endif %}\n",
    "{{ '}}' }}{{ '{%' }}{{ {'a': {'b': 1}}['a']['b'] }}",
    "{{ {'a': {}} }}",
    "{% for x in 'añ👍' %}[{{ x }}]{% endfor %}",
    "{% for x in range(3) %}{% for y in range(2) %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor %}",
    "{% for x in numbers %}{{ loop.cycle('odd', 'even') }}{{ loop.changed(x > 1) }} {% endfor %}",
    "{% set x = 1 %}{% for i in [1] %}{{ x }}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}",
    "{%- for m in people -%}\n{{ m.name }}\n{%- if not loop.last %}, {% endif -%}\n{%- endfor %}",
    "{{ people[0].name }}{{ people | map(attribute='name') | join }}{{ people[0]['tags'][-1] }}",
    "{% set d = {'a': 1} %}{{ d.items() | list }}{{ dict(d, b=2) }}{{ d }}",
    "{{ numbers is iterable and numbers is not mapping }}{{ 'x' if text is defined and text }}",
    "{{ undefined_thing.attribute }}",
    "{{ 'a' + 1 }}",
    "{{ [] + {} }}",
    "{{ none + 1 }}",
    "{{ 1 < 'a' }}",
    "{{ nothing() }}",
    "{{ numbers.append(1) }}",
    "{{ config.update({}) }}",
    "{{ config.pop('b') }}",
    "{{ text.__class__ }}{{ text.__class__.__mro__ }}",
    "{{ config.__init__.__globals__ }}",
    "{{ x | nofilter }}",
    "{{ x is notest }}",
    "{% nosuchtag %}",
    "{% if yes %}",
    "{% endif %}",
    "{{ 1 / 0 }}",
    "{{ 'abc'.index('z') }}",
    "{{ missing + 1 }}",
    "{% for x in 5 %}{% endfor %}",
    "{% for x in none %}{% endfor %}",
    "{% for a, b in [[1, 2, 3]] %}{% endfor %}",
    "{{ numbers | join(1, 2, 3, 4) }}",
    "{{ 'a'.upper(1) }}",
    "{% set zero.x = 1 %}",
    "{{ range(3).x }}|{{ 5.x }}",
    "{{ missing | tojson }}",
    "{{ 'unclosed }}",
    "{{ (1 }}",
    "{{ 1 2 }}",
    "{{ }}",
    "{# open",
    "{% break %}",
    "{{ 'a' is }}",
    "{{ 'x' * -1 }}{{ 'x' | center(3) }}|",
]


def environment():
    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    made.filters["tojson"] = tojson
    return made


def render(template):
    try:
        return {"template": template, "expected": environment().from_string(template).render(**VARIABLES)}
    except Exception as failure:  # any kind is an expected outcome
        return {"template": template, "error": f"{type(failure).__name__}: {failure}"}


def split(line):
    """One expression for each top-level comma, so that a failure names one thing."""
    parts, depth, quote, start, i = [], 0, None, 0, 0
    while i < len(line):
        c = line[i]
        if quote:
            i += c == "\\"
            quote = None if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(line[start:i].strip())
            start = i + 1
        i += 1
    return parts + [line[start:].strip()]


cases = [render("{{ " + e + " }}") for line in EXPRESSIONS for e in split(line)]
cases += [render(template) for template in TEMPLATES]
target = pathlib.Path(__file__).with_name("expressions.json")
target.write_text(json.dumps({"variables": VARIABLES, "cases": cases}, ensure_ascii=False, indent=1) + "\n")
print(len(cases), "cases,", sum("error" in case for case in cases), "errors")
