-- What could narrow a search down, and how many hits it has.
--
-- Of thousands of hits a random sample is counted and multiplied: marked in the index, it costs the
-- same for every word. The most popular hits would cost no more, but they are no sample.
create or replace function product.search_facets(
    p_conditions text,
    p_query tsquery,
    p_offer text,
    p_is_filtered boolean,
    p_hits double precision
)
returns jsonb
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- So many hits are looked at, or at most twice as many.
    c_sampled constant integer := 500;
    v_max constant integer := coalesce(core.rule('search_total_max'), 1000);
    v_sample constant integer := case
        when p_hits > 1500 then least(12, floor(log(2, (p_hits / c_sampled)::numeric))) else 0
    end;
    -- Bands that begin at 1, 2 and 5 of each power of ten.
    v_bands constant numeric[] := array(
        select trim_scale(s.step * 10::numeric ^ e.exponent)
        from generate_series(-4, 15) as e (exponent)
        cross join unnest(array[1, 2, 5]) as s (step)
        order by 1
    );
    v_found bigint;
    v_counted bigint;
    v_facets jsonb;
begin
    execute format(
        'with d as materialized (
            select d.product_id, d.marks from product.search_documents as d where %1$s
        ),
        hits as materialized (
            select d.product_id, d.marks, o.price
            from d
            %2$s join lateral (%3$s) as o on true
        ),
        marks as (
            select m.mark, count(*) as hits
            from hits as h
            cross join lateral unnest(h.marks) as m (mark)
            where left(m.mark, 1) = any (''{c,a,r,t}'')
            group by m.mark
        )
        select
            (select count(*) from hits),
            jsonb_build_object(
                ''categories'', (
                    select coalesce(jsonb_agg(c.facet order by c.place, c.slug), ''[]'')
                    from (
                        select
                            a.slug, min(cardinality(a.path)) as place,
                            jsonb_build_object(
                                ''category'', a.slug, ''name'', a.name,
                                ''depth'', cardinality(a.path), ''hits'', sum(m.hits) * %4$s
                            ) as facet
                        from marks as m
                        inner join product.categories as c
                            on c.category_id = substr(m.mark, 2)::bigint
                        inner join product.categories as a on a.category_id = any (c.path)
                        where m.mark like ''c%%''
                        and not exists (
                            select
                            from product.categories as b
                            where b.category_id = any (c.path) and b.status <> ''active''
                        )
                        group by a.category_id
                        order by sum(m.hits) desc, a.slug
                        limit 100
                    ) as c
                ),
                ''tags'', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        ''tag'', substr(t.mark, 2), ''hits'', t.hits * %4$s
                    ) order by t.hits desc, t.mark), ''[]'')
                    from (
                        select m.mark, m.hits
                        from marks as m
                        where m.mark like ''t%%''
                        order by m.hits desc, m.mark
                        limit 50
                    ) as t
                ),
                ''attributes'', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        ''name'', split_part(substr(t.mark, 2), ''='', 1),
                        ''value'', substr(t.mark, strpos(t.mark, ''='') + 1),
                        ''hits'', t.hits * %4$s
                    ) order by t.hits desc, t.mark), ''[]'')
                    from (
                        select m.mark, m.hits
                        from marks as m
                        where m.mark like ''a%%''
                        order by m.hits desc, m.mark
                        limit 100
                    ) as t
                ),
                ''ratings'', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        ''from'', substr(m.mark, 2)::integer, ''hits'', m.hits * %4$s
                    ) order by m.mark), ''[]'')
                    from marks as m
                    where m.mark like ''r%%''
                ),
                ''prices'', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        ''from'', b.lowest, ''to'', b.highest, ''hits'', b.hits * %4$s
                    ) order by b.lowest), ''[]'')
                    from (
                        select
                            ($2)[f.band] as lowest, ($2)[f.band + 1] as highest,
                            count(*) as hits
                        from (
                            select width_bucket(h.price, $2) as band
                            from hits as h
                            where h.price is not null
                        ) as f
                        group by f.band
                    ) as b
                )
            )',
        p_conditions || case
            when v_sample > 0
                then format(' and d.marks @> %L::text[]', array['s' || v_sample])
            else ''
        end,
        case when p_is_filtered then 'inner' else 'left' end, p_offer, 1 << v_sample
    )
    into v_found, v_facets
    using p_query, v_bands;
    -- The sample cannot prove that there are more than are counted; a count that ends there can.
    v_counted := v_found << v_sample;
    if v_sample > 0 and not p_is_filtered then
        execute format(
            'select count(*)
            from (
                select from product.search_documents as d where %s and %s limit %s
            ) as f',
            p_conditions,
            case
                when v_sample > 2 then format('d.marks @> %L::text[]', array['s' || v_sample - 2])
                else 'true'
            end,
            v_max + 1
        )
        into v_found
        using p_query;
    end if;
    return jsonb_build_object(
        'total', least(v_counted, v_max),
        'total_is', case
            when v_found > v_max then 'at least'
            when v_sample = 0 then 'exact'
            else 'about'
        end,
        'facets', v_facets || jsonb_build_object(
            'counts_are', case v_sample when 0 then 'exact' else 'about' end
        )
    );
end;
$function$;

comment on function product.search_facets(text, tsquery, text, boolean, double precision) is
'The number of hits, counted up to the rule search_total_max and estimated above, and how many of
them have each category, tag, attribute, rating and band of price.';
