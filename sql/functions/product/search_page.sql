-- One page of what meets a condition, in an order that an index has, from a key on.
--
-- There are two ways, and the number of hits decides: many are met soon on a walk along the index
-- of the order; few are read through the words and sorted. The walk goes in strides of a fixed
-- number of entries, so that no plan can take the whole table for it.
create or replace function product.search_page(
    p_conditions text,
    p_query tsquery,
    p_offer text,
    p_sort text,
    p_currency text,
    p_limit integer,
    p_after jsonb,
    p_documents double precision,
    p_hits double precision
)
returns table (product_id bigint, key jsonb)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
-- The stride comes first. What the planner thinks of an offer may turn that round, and then every
-- product is offered for each of its entries.
set join_collapse_limit = 1
as $function$
declare
    v_columns text;
    v_types text[];
    v_direction text := 'desc';
    v_from text;
    v_offer text := coalesce(' cross join lateral (' || p_offer || ') as o', '');
    v_key text;
    v_after text;
    v_sql text;
    v_stride integer;
    v_count integer;
    v_found integer := 0;
begin
    case p_sort
        when 'newest' then
            v_columns := 'd.published_at, d.product_id';
            v_types := '{timestamptz,bigint}';
        when 'rating' then
            v_columns := 'd.rating, d.rating_count, d.product_id';
            v_types := '{numeric,bigint,bigint}';
        when 'name' then
            v_columns := 'd.name_key, d.product_id';
            v_types := '{text,bigint}';
            v_direction := 'asc';
        when 'price', 'price_desc' then
            v_columns := 'o.price, o.variant_id';
            v_types := '{numeric,bigint}';
            v_direction := case p_sort when 'price' then 'asc' else 'desc' end;
        else
            v_columns := 'd.popularity, d.product_id';
            v_types := '{bigint,bigint}';
    end case;
    v_key := format('jsonb_build_array(%s)', v_columns);

    if p_hits ^ 2 <= p_limit * p_documents then
        v_after := product.search_after(v_columns, v_types, v_direction, p_after);
        v_sql := case
            -- The price is worked out for each hit, the other filters only until the page is full.
            when v_columns like 'o.%' then
                'with d as materialized (
                    select d.product_id from product.search_documents as d where %1$s
                )
                select d.product_id, %2$s from d%3$s
                where o.price is not null and %4$s order by %5$s limit %6$s'
            else
                'with d as materialized (
                    select d.* from product.search_documents as d where %1$s and %4$s
                )
                select d.product_id, %2$s from (select * from d order by %5$s offset 0) as d%3$s
                order by %5$s limit %6$s'
        end;
        return query execute format(
            v_sql, p_conditions, v_key, v_offer, v_after,
            replace(v_columns, ',', ' ' || v_direction || ',') || ' ' || v_direction, p_limit
        )
        using p_query;
        return;
    end if;

    if v_columns like 'o.%' then
        v_from := format(
            'from (
                select x.amount as price, x.variant_id, x.validity
                from product.prices as x
                where x.currency = %L and x.min_quantity = 1 and %%1$s
                order by %%2$s
                limit %%3$s
            ) as o',
            p_currency
        );
        v_offer := format(
            ' inner join product.variants as v on v.variant_id = o.variant_id
            inner join product.search_documents as d on d.product_id = v.product_id
            cross join lateral (%s) as f',
            p_offer
        );
        p_conditions := p_conditions || ' and o.validity @> statement_timestamp()
            and f.variant_id = o.variant_id and f.price = o.price';
    else
        v_from := 'from (
            select d.*
            from product.search_documents as d
            where d.is_listed and %1$s
            order by %2$s
            limit %3$s
        ) as d';
    end if;
    v_stride := greatest(1000, least(3 * p_limit * p_documents / p_hits, 10000));
    loop
        v_after := product.search_after(
            case when v_columns like 'o.%' then 'x.amount, x.variant_id' else v_columns end,
            v_types, v_direction, p_after
        );
        v_sql := format(
            v_from, v_after,
            replace(
                case when v_columns like 'o.%' then 'x.amount, x.variant_id' else v_columns end,
                ',', ' ' || v_direction || ','
            ) || ' ' || v_direction,
            v_stride
        );
        return query execute format(
            'select %s d.product_id, %s %s%s where %s order by %s limit %s',
            case when v_columns like 'o.%' then format('distinct on (%s)', v_columns) end,
            v_key, v_sql, v_offer, p_conditions,
            replace(v_columns, ',', ' ' || v_direction || ',') || ' ' || v_direction,
            p_limit - v_found
        )
        using p_query;
        get diagnostics v_count = row_count;
        v_found := v_found + v_count;
        exit when v_found >= p_limit;
        execute format(
            'select %s %s order by %s offset %s - 1 limit 1',
            v_key, v_sql, replace(v_columns, ',', ' ' || v_direction || ',') || ' ' || v_direction,
            v_stride
        )
        into p_after;
        exit when p_after is null;
        v_stride := 10000;
    end loop;
end;
$function$;

comment on function product.search_page(
    text, tsquery, text, text, text, integer, jsonb, double precision, double precision
) is
'At most so many hits after a key (null for the first ones), in the order of popularity, newest,
rating, name, price or price_desc, each with its own key. The query of an offer (null for none) is
joined to each; the last two arguments are what product.search_estimate says.';
