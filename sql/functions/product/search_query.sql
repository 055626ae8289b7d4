-- What somebody types, as a query for product.search_documents: null where there are no words.
--
-- Without a language the words are folded by each that there is, and the documents of each are
-- searched by their own folding: a word that a language leaves out or cuts shorter must not decide
-- about the texts of another one.
create or replace function product.search_query(p_query text, p_language text default null)
returns tsquery
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_code constant text := product.fold_text(btrim(p_query));
    v_languages text[] := array[p_language];
    v_query tsquery;
    v_part tsquery;
begin
    if v_code = '' then
        return null;
    end if;
    if p_language is null then
        -- The index is skipped through: a step a language, however many documents have it.
        v_languages := array(
            with recursive found as (
                (
                    select d.language
                    from product.search_documents as d
                    where d.is_listed
                    order by d.language
                    limit 1
                )
                union all
                select (
                    select d.language
                    from product.search_documents as d
                    where d.is_listed and d.language > f.language
                    order by d.language
                    limit 1
                )
                from found as f
                where f.language is not null
            )

            select f.language from found as f where f.language is not null
        );
    end if;
    for v_index in 1..cardinality(v_languages) loop
        v_part := websearch_to_tsquery(
            product.search_configuration(v_languages[v_index]), left(p_query, 1000)
        );
        continue when numnode(v_part) = 0;
        if p_language is not null or cardinality(v_languages) > 1 then
            v_part := (''' ' || v_languages[v_index] || '''')::tsquery && v_part;
        end if;
        v_query := coalesce(v_query || v_part, v_part);
    end loop;
    -- A code in one piece, whatever the parser makes of its digits and hyphens.
    if v_code ~ '^[[:alnum:]./_+-]{1,64}$' and v_code ~ '[0-9./_+-]' and v_code !~ '^-' then
        v_part := ('''' || v_code || '''')::tsquery;
        v_query := coalesce(v_query || v_part, v_part);
    end if;
    return v_query;
end;
$function$;

comment on function product.search_query(text, text) is
'The words that somebody types as websearch_to_tsquery reads them (all of them, "a phrase", or,
-not), folded by a language, or by each that there is; null where there is no word among them.';
