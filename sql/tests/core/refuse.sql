-- setup: what a client sees of a refusal
create function pg_temp.refusal(p_call text)
returns table (code text, message text, detail text, hint text)
language plpgsql
volatile
as $function$
begin
    execute p_call;
exception
    when others then
        get stacked diagnostics
            code = returned_sqlstate,
            message = message_text,
            detail = pg_exception_detail,
            hint = pg_exception_hint;
        return next;
end;
$function$;

-- case: the words are those of the registry, the detail is one object with the name
select results_eq(
    $$
    select r.code, r.message, r.detail::jsonb, r.hint
    from pg_temp.refusal($call$ select core.refuse('SHI01', '{"sku": "MUG"}') $call$) as r
    $$,
    $$
    select c.sqlstate, c.meaning, '{"error": "INSUFFICIENT_STOCK", "sku": "MUG"}'::jsonb, c.remedy
    from core.error_codes as c
    where c.sqlstate = 'SHI01'
    $$
);

-- case: a hint of the caller goes before the remedy
select is(r.hint, 'Wait.', 'the hint')
from pg_temp.refusal($call$ select core.refuse('SHI01', '{}', 'Wait.') $call$) as r;

-- case: values of any kind stay one object
select is(
    (r.detail::jsonb) ->> 'sku', E'a"b\\c\n''; -- 👩🏽‍💻', 'quotes, backslashes and line ends'
)
from pg_temp.refusal(
    $call$ select core.refuse('SHI01', jsonb_build_object('sku', E'a"b\\c\n''; -- 👩🏽‍💻')) $call$
) as r;

-- case: a code that is not registered cannot be raised
select throws_ok(
    $$select core.refuse('SHX99', '{}')$$, 'P0002', null, 'the registry has no such row'
);
