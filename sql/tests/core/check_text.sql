-- case: text that anybody can print is accepted
select lives_ok(format($$select core.check_text('p_name', %L, 10)$$, g.value), g.title)
from (
    values
    ('a', 'one character'),
    (repeat('é', 10), 'as long as the limit, in characters'),
    ('a b', 'a blank inside'),
    ('e' || chr(769) || ' 👩🏽‍💻', 'combined and joined'),
    ('كوب', 'right to left'),
    (''';drop--', 'quotes and SQL')
) as g (value, title);

-- case: other text is refused
select throws_ok(
    format($$select core.check_text('p_name', %L, 10)$$, b.value), '22023', null, b.title
)
from (
    values
    (null, 'none'),
    ('', 'nothing'),
    ('  ', 'blanks alone'),
    (' a', 'a blank in front'),
    ('a ', 'a blank at the end'),
    (E'a\n', 'a line end'),
    (E'a\tb', 'a tab'),
    (E'a\x07b', 'a bell'),
    (repeat('a', 11), 'one character too many')
) as b (value, title);
