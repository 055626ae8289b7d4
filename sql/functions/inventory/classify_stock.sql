-- Put all stock of a location into the categories A, B and C by what sells.
--
-- By units: SKUs in falling order of the units sold over the days of the rule reorder_demand_days
-- are A until they make up abc_a_percent of all units, B until abc_b_percent, then C. A class
-- that has several categories means the one of lowest number, and stock that is in another one of
-- the same class stays there.
create or replace function inventory.classify_stock(
    p_location text default null,
    p_idempotency_key text default null
)
returns table (abc_class text, category text, skus bigint, units_sold bigint, changed bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.classify_stock';
    v_response jsonb;
    v_location_id bigint;
    v_since date;
    v_variant_ids bigint[];
    v_category_ids bigint[];
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'location', p_location
    ));
    if v_response is null then
        v_location_id := inventory.find_location(p_location);
        v_since := (clock_timestamp() at time zone 'UTC')::date
            - coalesce(core.rule('reorder_demand_days'), 3650)::integer;
        with sales as (
            select
                i.variant_id, i.category_id, coalesce(sum(a.sold), 0)::bigint as sold
            from inventory.inventory as i
            left join inventory.inventory_analytics as a
                on a.variant_id = i.variant_id and a.day >= v_since
            where i.location_id = v_location_id
            group by i.variant_id, i.location_id
        ),
        shares as (
            select
                s.variant_id, s.category_id, s.sold,
                -- What sells more than this one, in percent of all.
                100.0 * (
                    sum(s.sold) over (order by s.sold desc, s.variant_id) - s.sold
                ) / nullif(sum(s.sold) over (), 0) as before
            from sales as s
        ),
        classes as (
            select
                s.variant_id, s.category_id, s.sold,
                case
                    when s.sold > 0 and s.before < coalesce(core.rule('abc_a_percent'), 100)
                    then 'A'
                    when s.sold > 0 and s.before < coalesce(core.rule('abc_b_percent'), 100)
                    then 'B'
                    else 'C'
                end as abc_class
            from shares as s
        ),
        placed as (
            select
                k.variant_id, k.abc_class, k.sold, k.category_id as old_category_id,
                case when o.abc_class = k.abc_class then k.category_id else (
                    select min(c.category_id)
                    from inventory.inventory_categories as c
                    where c.abc_class = k.abc_class
                ) end as category_id
            from classes as k
            left join inventory.inventory_categories as o on o.category_id = k.category_id
        ),
        groups as (
            select
                p.abc_class, c.code as category, count(*) as skus, sum(p.sold) as units_sold,
                count(*) filter (where p.category_id is distinct from p.old_category_id) as changed
            from placed as p
            left join inventory.inventory_categories as c on c.category_id = p.category_id
            group by p.abc_class, c.code
        )
        select
            (
                select array_agg(p.variant_id order by p.variant_id)
                from placed as p
                where p.category_id <> p.old_category_id or p.old_category_id is null
            ),
            (
                select array_agg(p.category_id order by p.variant_id)
                from placed as p
                where p.category_id <> p.old_category_id or p.old_category_id is null
            ),
            coalesce((select jsonb_agg(g order by g.abc_class, g.category) from groups as g), '[]')
        into v_variant_ids, v_category_ids, v_response;
        perform inventory.categorize_stock(v_location_id, v_variant_ids, v_category_ids);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        abc_class text, category text, skus bigint, units_sold bigint, changed bigint
    );
end;
$function$;

comment on function inventory.classify_stock(text, text) is
'Puts all stock of a location (the best-ranked one if none is named) into categories by the units
that inventory.rebuild_analytics found sold: A for the SKUs that make up the first 80 % (the rule
abc_a_percent), B up to 95 % (abc_b_percent), C for the rest. Returns for each category how many
SKUs and units it has, and how many SKUs have come. Errors: LOCATION_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.classify_stock(text, text) to inventory_editor;
