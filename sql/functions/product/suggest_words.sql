-- Another spelling for words that no product has: with two letters the other way round or one
-- letter less, else the known word that shares the most groups of three letters with it.
create or replace function product.suggest_words(p_query text)
returns text
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_schema constant text := core.extension_schema('pg_trgm');
    v_words text[] := regexp_split_to_array(product.fold_text(left(p_query, 1000)), '[[:space:]]+');
    v_word text;
    v_best text;
    v_is_changed boolean := false;
begin
    for v_index in 1..least(cardinality(v_words), 20) loop
        v_word := btrim(v_words[v_index], '"');
        continue when v_word !~ '^[[:alpha:]]{3,40}$';
        continue when exists (select from product.search_words as w where w.word = v_word);
        select w.word into v_best
        from generate_series(1, length(v_word)) as i (place)
        cross join unnest(array[
            left(v_word, i.place - 1) || substr(v_word, i.place + 1, 1)
            || substr(v_word, i.place, 1) || substr(v_word, i.place + 2),
            left(v_word, i.place - 1) || substr(v_word, i.place + 1)
        ]) as c (word)
        inner join product.search_words as w on w.word = c.word collate "C"
        order by length(w.word) desc, w.word
        limit 1;
        if v_best is null then
            execute format(
                'select w.word
                from product.search_words as w
                where w.word operator(%1$I.%%) $1
                order by %1$I.similarity(w.word, $1) desc, w.word
                limit 1',
                v_schema
            )
            into v_best
            using v_word;
        end if;
        if v_best is not null then
            v_words[v_index] := replace(v_words[v_index], v_word, v_best);
            v_is_changed := true;
        end if;
    end loop;
    return case when v_is_changed then array_to_string(v_words, ' ') end;
end;
$function$;

comment on function product.suggest_words(text) is
'The query with each unknown word in the spelling of a known one; null where nothing better is
known.';
