-- One page of what words find, the best hits first.
--
-- Up to a few thousand hits are ranked, all of them. Of more, the most popular are ranked and
-- the others follow by popularity: to rank a common word's hits would be to read them all. What
-- was decided for the first page goes from page to page in the cursor, so that no page repeats or
-- leaves out what another one shows.
create or replace function product.search_relevant(
    p_conditions text,
    p_query tsquery,
    p_offer text,
    p_exact bigint[],
    p_limit integer,
    p_cursor jsonb,
    p_documents double precision,
    p_hits double precision,
    p_level integer
)
returns table (product_id bigint, cursor jsonb)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- What it costs is looked up for each of those that are ranked, where filters ask for it.
    c_ranked constant integer := case when p_offer is null then 200 else 60 end;
    c_all constant double precision := 5000;
    -- So many levels above the one that surely has enough are tried before it.
    c_higher constant integer := 2;
    -- No walk is longer: through words and marks it is quicker.
    c_walked constant integer := 8000;
    c_score constant text := 'ts_rank(''{0.05,0.2,0.5,1}'', d.words, $1)::double precision
        * (1 + ln(1 + d.popularity::double precision) / 10)
        + case when d.product_id = any ($2) then 1000 else 0 end';
    v_offer constant text := coalesce(' cross join lateral (' || p_offer || ') as o', '');
    v_cursor jsonb := coalesce(p_cursor, jsonb_build_object(
        'mode', case when p_hits > c_all then 'best' else 'all' end,
        'documents', p_documents, 'hits', p_hits, 'level', p_level
    ));
    v_level integer;
    v_walk double precision;
    v_best jsonb;
    v_count integer := 0;
begin
    -- Where nobody said what is popular, it is not known either where the best ones end.
    if v_cursor ->> 'mode' = 'best' and v_cursor ->> 'level' is null and p_offer is not null
    and not v_cursor ? 'bound' then
        v_cursor := v_cursor || '{"mode": "rest"}';
    end if;

    if v_cursor ->> 'mode' = 'all' then
        return query execute format(
            'with d as materialized (
                select d.product_id, %1$s as score from product.search_documents as d where %2$s
            )
            select
                d.product_id,
                $3 || jsonb_build_object(''key'', jsonb_build_array(d.score, d.product_id))
            from (
                select d.product_id, d.score
                from d
                where %3$s
                order by d.score desc, d.product_id desc
                offset 0
            ) as d%4$s
            order by d.score desc, d.product_id desc
            limit %5$s',
            c_score, p_conditions,
            product.search_after(
                'd.score, d.product_id', '{double precision,bigint}', 'desc', v_cursor -> 'key'
            ),
            v_offer, p_limit
        )
        using p_query, p_exact, v_cursor;
        return;
    end if;

    if v_cursor ->> 'mode' = 'best' then
        -- In order of popularity, and sorted before it is checked what each costs: most never are.
        -- Those of the first page are in the bound from then on. The best of a very common word are
        -- soon met on a walk along the most popular products. Of others all are read that are as
        -- popular as a level says, some thousands perhaps: so the levels above it are tried first,
        -- each of which has about a quarter of the next. The best are the same whichever way.
        v_level := (v_cursor ->> 'level')::integer;
        if not v_cursor ? 'bound' then
            v_level := v_level + c_higher;
            -- Twice as far as it takes, and again where some of them do not pass the filters.
            v_walk := case when p_offer is null then 2 else 4 end * c_ranked * p_documents / p_hits;
            if v_walk > c_walked then
                v_walk := null;
            end if;
        end if;
        loop
            execute format(
                'select jsonb_agg(
                    jsonb_build_array(d.popularity, d.product_id, %1$s)
                    order by d.popularity desc, d.product_id desc
                )
                from (
                    select d.popularity, d.product_id, d.words
                    from (
                        select d.popularity, d.product_id, d.words
                        from %2$s as d
                        where %3$s
                        order by d.popularity desc, d.product_id desc
                    ) as d%4$s
                    limit %5$s
                ) as d',
                c_score,
                case
                    when v_walk is null then 'product.search_documents'
                    else format(
                        '(
                            select d.*
                            from product.search_documents as d
                            where d.is_listed
                            order by d.popularity desc, d.product_id desc
                            limit %s
                        )',
                        ceil(v_walk)
                    )
                end,
                concat_ws(
                    ' and ', p_conditions,
                    case
                        when v_walk is null and v_level is not null
                            then format('d.marks @> %L::text[]', array['p' || v_level])
                    end,
                    case
                        when v_cursor ? 'bound' then format(
                            '(d.popularity, d.product_id) >= (%L::bigint, %L::bigint)',
                            v_cursor -> 'bound' ->> 0, v_cursor -> 'bound' ->> 1
                        )
                    end
                ),
                v_offer, c_ranked
            )
            into v_best
            using p_query, p_exact;
            if jsonb_array_length(v_best) = c_ranked then
                v_level := case when v_walk is null then v_level end;
                exit;
            end if;
            exit when v_walk is null
            and (v_level is null or v_level <= (v_cursor ->> 'level')::integer);
            v_level := case when v_walk is null then v_level - 1 else v_level end;
            v_walk := null;
        end loop;
        v_cursor := v_cursor || jsonb_build_object(
            'level', v_level,
            'bound', coalesce(
                v_cursor -> 'bound',
                -- Fewer than that are all that are as popular as the level says.
                case when jsonb_array_length(v_best) = c_ranked then v_best -> -1 end,
                jsonb_build_array(coalesce(4 ^ v_level, -1), 0)
            )
        );
        return query
        select
            (b.value ->> 1)::bigint,
            v_cursor || jsonb_build_object('key', jsonb_build_array(b.value -> 2, b.value -> 1))
        from jsonb_array_elements(v_best) as b
        where not v_cursor ? 'key'
        or ((b.value ->> 2)::double precision, (b.value ->> 1)::bigint) < (
            (v_cursor -> 'key' ->> 0)::double precision, (v_cursor -> 'key' ->> 1)::bigint
        )
        order by (b.value ->> 2)::double precision desc, (b.value ->> 1)::bigint desc
        limit p_limit;
        get diagnostics v_count = row_count;
        if v_count = p_limit then
            return;
        end if;
        v_cursor := v_cursor || jsonb_build_object('mode', 'rest', 'key', v_cursor -> 'bound');
    end if;

    return query
    select f.product_id, v_cursor || jsonb_build_object('key', f.key)
    from product.search_page(
        p_conditions, p_query, p_offer, 'popularity', null, p_limit - v_count, v_cursor -> 'key',
        (v_cursor ->> 'documents')::double precision, (v_cursor ->> 'hits')::double precision
    ) as f;
end;
$function$;

comment on function product.search_relevant(
    text, tsquery, text, bigint[], integer, jsonb, double precision, double precision, integer
) is
'At most so many hits of words after a cursor (null for the first ones), the best first, each with
its own cursor. Products whose code was typed go before all others; the last three arguments are
what product.search_estimate says.';
