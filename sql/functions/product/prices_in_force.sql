-- What units cost at this moment, many variants in one statement.
--
-- In a list the highest tier that the quantity reaches counts; of the lists the one of the highest
-- priority, then the youngest. The moment is that of the call and not of the statement around it,
-- which may have waited for a lock. The body is inlined into the caller's query: no search_path.
create or replace function product.prices_in_force(
    p_variant_ids bigint[],
    p_quantities integer[],
    p_currency text,
    p_customer_group text default null
)
returns table (
    line integer, variant_id bigint, price numeric, price_list text, base_price numeric,
    valid_until timestamptz
)
language sql
stable
security invoker
begin atomic
    select
        i.line::integer, i.variant_id, p.price, p.price_list, p.base_price, p.valid_until
    from (
        select
            p_variant_ids as variant_ids, p_quantities as quantities, p_currency as currency,
            p_customer_group as customer_group, pg_catalog.clock_timestamp() as at
    ) as n
    cross join lateral unnest(n.variant_ids, n.quantities)
        with ordinality as i (variant_id, quantity, line)
    cross join lateral (
        select
            (pg_catalog.array_agg(
                c.amount order by c.priority desc, c.price_list_id desc, c.min_quantity desc
            ) filter (where c.is_in_force))[1] as price,
            (pg_catalog.array_agg(
                c.code order by c.priority desc, c.price_list_id desc, c.min_quantity desc
            ) filter (where c.is_in_force))[1] as price_list,
            (pg_catalog.array_agg(c.amount order by c.min_quantity desc) filter (
                where c.is_in_force and c.kind = 'base'
            ))[1] as base_price,
            pg_catalog.min(
                case
                    when c.is_in_force then pg_catalog.upper(c.period)
                    else pg_catalog.lower(c.period)
                end
            ) as valid_until
        from (
            select
                x.amount, x.min_quantity, l.code, l.kind, l.priority, l.price_list_id,
                w.period, w.period @> n.at as is_in_force
            from product.prices as x
            inner join product.price_lists as l on l.price_list_id = x.price_list_id
            cross join lateral (select x.validity * l.validity as period) as w
            where x.variant_id = i.variant_id
            and x.currency = n.currency
            and x.min_quantity <= i.quantity
            and l.is_active
            and (l.customer_group is null or l.customer_group = n.customer_group)
            and not pg_catalog.isempty(w.period)
            and (pg_catalog.upper_inf(w.period) or pg_catalog.upper(w.period) > n.at)
        ) as c
    ) as p
    where p.price is not null;
end;

comment on function product.prices_in_force(bigint[], integer[], text, text) is
'The price of one unit of each variant at a quantity and for a customer group (null for everybody),
with the list that it stands in, the base price at the same quantity (null where there is none), and
the moment until which both hold at least if nobody edits them (null for good). One row an element
that has a price; line is its number from 1.';
