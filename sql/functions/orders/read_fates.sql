-- What becomes of units that come back, line by line.
create or replace function orders.read_fates(
    p_order orders.orders, p_items jsonb, p_open jsonb
)
returns jsonb
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_fates jsonb;
    v_bad jsonb;
begin
    with chosen as (
        select
            c.line_no, c.quantity, c.item,
            coalesce(p_items -> (c.item - 1) ->> 'disposition', 'restock') as disposition,
            -- The first lines of an element are credited first.
            least(c.quantity, greatest(0, coalesce(
                (p_items -> (c.item - 1) ->> 'credited')::bigint, 999999999
            ) - sum(c.quantity) over (partition by c.item order by c.line_no) + c.quantity))
                as credited
        from orders.choose_lines(
            p_order, p_items, p_open, '{"disposition?": "text", "credited?": "count"}'
        ) as c
    )
    select
        (
            select jsonb_object_agg(l.line_no, jsonb_build_object(
                'restock', l.restock, 'damaged', l.damaged, 'written_off', l.written_off,
                'credited', l.credited
            ))
            from (
                select
                    c.line_no,
                    coalesce(sum(c.quantity) filter (where c.disposition = 'restock'), 0)
                        as restock,
                    coalesce(sum(c.quantity) filter (where c.disposition = 'damaged'), 0)
                        as damaged,
                    coalesce(sum(c.quantity) filter (where c.disposition = 'written_off'), 0)
                        as written_off,
                    sum(c.credited) as credited
                from chosen as c
                group by c.line_no
            ) as l
        ),
        (
            select jsonb_agg(distinct c.item)
            from chosen as c
            where c.disposition not in ('restock', 'damaged', 'written_off')
        )
    into v_fates, v_bad;
    if v_bad is not null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'items', v_bad, 'field', 'disposition',
            'expected', 'restock, damaged or written_off'
        ));
    end if;
    return coalesce(v_fates, '{}');
end;
$function$;

comment on function orders.read_fates(orders.orders, jsonb, jsonb) is
'Of each line, how many of the units that come back are restocked, damaged, written off and
credited: {"1": {"restock": 2, "damaged": 0, "written_off": 0, "credited": 2}}. Errors:
INVALID_ARGUMENT, ORDER_LINE_NOT_FOUND, ORDER_QUANTITY_EXCEEDED.';
