-- About how many documents meet a condition, from those of a sample that do. A count would read
-- every posting of a common word; the sample is marked in the same index, so that this reads some
-- two thousand at most. A common word has enough of an eighth of that sample, which is asked first.
-- Where there are some, but too few to tell how many there are, one eight times as large is asked.
create or replace function product.search_estimate(p_conditions text, p_query tsquery)
returns table (documents double precision, hits double precision, level integer)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_usual integer;
    v_sample integer;
    v_found bigint;
begin
    select
        case
            when c.reltuples > 0 and c.relpages > 0 then c.reltuples / c.relpages else 8
        end * (pg_relation_size(c.oid) / 8192)
    into documents
    from pg_catalog.pg_class as c
    where c.oid = 'product.search_documents'::regclass;
    v_usual := least(floor(log(2, greatest(documents, 1)::numeric)) - 10, 12);
    if v_usual < 1 then
        hits := 0;
        return next;
        return;
    end if;
    -- A filter of many values is looked up for each of them, and one look has to do.
    foreach v_sample in array case
        when p_conditions like '%&&%' then array[v_usual]
        else array[least(v_usual + 3, 12), v_usual, v_usual - 3]
    end
    loop
        -- Of the sample, the most popular ones that stand for a few hundred say how far down the
        -- best hits reach.
        execute format(
            'select
                count(*),
                (array_agg(d.popularity order by d.popularity desc) filter (
                    where d.popularity > 0
                ))[%s]
            from product.search_documents as d
            where %s and d.marks @> %L::text[]',
            greatest(3, 512 >> v_sample), p_conditions, array['s' || v_sample]
        )
        into v_found, level
        using p_query;
        exit when v_found >= case when v_sample > v_usual then 8 else 24 end
        or v_sample = v_usual and (v_found < 4 or v_usual <= 3);
    end loop;
    hits := case when v_found < 6 then 0 else v_found * 2 ^ v_sample end;
    level := floor(log(4, level::numeric));
    return next;
end;
$function$;

comment on function product.search_estimate(text, tsquery) is
'About how many documents there are, and how many meet a condition (0 for too few to tell: some
thousands of a million, or all of a small shop); and the power of 4 that the popularity of at least
a few hundred of them reaches, null where that is not known.';
