-- Every rule that an order would break, a row a rule: what orders.validate_order_business_rules
-- tells and orders.refuse_draft refuses with.
create or replace function orders.draft_problems(p_draft orders.draft)
returns table (rule text, error_code text, message text, detail jsonb)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    with lines as materialized (
        select l.* from unnest(p_draft.lines) as l
    ),
    demand as materialized (
        -- What the owner holds already is there for the owner.
        select
            l.variant_id, l.sku, sum(l.quantity) as quantity, min(l.line_no) as line_no,
            (
                select coalesce(sum(r.open_quantity), 0)
                from inventory.inventory_reservations as r
                where r.variant_id = l.variant_id and r.owner = p_draft.owner
                and r.open_quantity > 0 and r.status = 'active'
                and r.expires_at > clock_timestamp()
            ) as held,
            min(l.units_left) as units_left
        from lines as l
        where l.is_active
        group by l.variant_id, l.sku
    ),
    found as (
        select 1 as position, 'user_active' as rule, 'SHA04' as code, jsonb_build_object(
            'user_id', p_draft.user_id, 'status', p_draft.user_status
        ) as detail
        where p_draft.user_status <> 'active'
        union all
        select 2, 'product_known', 'SHP01', jsonb_build_object(
            'skus', jsonb_agg(distinct l.sku)
        )
        from lines as l
        where l.variant_id is null
        having count(*) > 0
        union all
        select 3, 'product_active', 'SHP02', jsonb_build_object('skus', jsonb_agg(distinct l.sku))
        from lines as l
        where not l.is_active
        having count(*) > 0
        union all
        select 4, 'price_available', 'SHK07', jsonb_build_object(
            'skus', jsonb_agg(distinct l.sku), 'currency', p_draft.currency
        )
        from lines as l
        where l.is_active and l.unit_price is null
        having count(*) > 0
        union all
        select 5, 'price_max', 'SHP05', jsonb_build_object(
            'skus', jsonb_agg(distinct l.sku), 'limit', p_draft.price_max
        )
        from lines as l
        where l.price_list is null and l.unit_price > p_draft.price_max
        having count(*) > 0
        union all
        select 6, 'price_unchanged', 'SHO03', jsonb_build_object(
            'prices', jsonb_agg(jsonb_build_object(
                'line', l.line_no, 'sku', l.sku, 'expected_price', l.expected_price,
                'price', l.unit_price
            ) order by l.line_no)
        )
        from lines as l
        where l.is_active and l.unit_price <> l.expected_price
        having count(*) > 0
        union all
        select 7, 'total_unchanged', 'SHO03', jsonb_build_object(
            'expected_total', p_draft.expected_total, 'total', p_draft.total
        )
        where p_draft.expected_total <> p_draft.total
        and not exists (
            select from lines as l
            where l.is_active is not true or l.unit_price is null
            or l.unit_price <> l.expected_price
        )
        union all
        select 8, 'order_lines_max', 'SHO05', jsonb_build_object(
            'of', 'lines', 'requested', cardinality(p_draft.lines),
            'limit', trunc(p_draft.lines_max)
        )
        where cardinality(p_draft.lines) > p_draft.lines_max
        union all
        select 9, 'order_units_max', 'SHO05', jsonb_build_object(
            'of', 'units', 'requested', p_draft.unit_count, 'limit', trunc(p_draft.units_max)
        )
        where p_draft.unit_count > p_draft.units_max
        union all
        select 10, 'cart_user_units_max', 'SHO07', jsonb_build_object(
            'units', jsonb_agg(jsonb_build_object(
                'sku', d.sku, 'requested', d.quantity,
                'left', greatest(d.units_left + d.quantity, 0)
            ) order by d.line_no)
        )
        from demand as d
        where d.units_left < 0
        having count(*) > 0
        union all
        -- Of an order whose lines have no price the total says nothing.
        select
            t.position, t.rule, 'SHO04', jsonb_build_object(
                'total', p_draft.total, t.side, t.limit_, 'currency', p_draft.currency
            )
        from (
            values
            (11, 'order_total_min', 'min', p_draft.total_min, p_draft.total < p_draft.total_min),
            (
                12, 'order_total_max', 'max', least(p_draft.total_max, 1e15 - 1),
                p_draft.total > least(p_draft.total_max, 1e15 - 1)
            )
        ) as t (position, rule, side, limit_, is_broken)
        where t.is_broken
        and not exists (
            select from lines as l where l.is_active is not true or l.unit_price is null
        )
        union all
        select 13, 'pending_orders_max', 'SHO06', jsonb_build_object(
            'limit', p_draft.pending_slots_max
        )
        where p_draft.pending_slots_max is not null and p_draft.pending_slot is null
        union all
        select 14, 'stock_available', 'SHI01', jsonb_build_object(
            'shortages', jsonb_agg(jsonb_build_object(
                'sku', d.sku, 'requested', d.quantity,
                'available', coalesce(s.available, 0) + d.held
            ) order by d.line_no)
        )
        from demand as d
        cross join lateral (
            select sum(a.available) as available
            from inventory.find_available(d.variant_id, null) as a
        ) as s
        where coalesce(s.available, 0) + d.held < d.quantity
        having count(*) > 0
    )
    select f.rule, c.name, c.meaning, f.detail
    from found as f
    inner join core.error_codes as c on c.sqlstate = f.code
    order by f.position;
end;
$function$;

comment on function orders.draft_problems(orders.draft) is
'Every rule that an order would break: the rule, the name and meaning of its code, and the values.';
