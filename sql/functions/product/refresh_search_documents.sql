-- Write the search documents of products as these are now.
--
-- The rows are locked before anything is read, each in a statement of its own, which sees what
-- whoever held the lock before has committed. So of a new text and a new price that two sessions
-- give one product at the same moment, none is lost, although they lock different rows of it.
create or replace function product.refresh_search_documents(p_product_ids bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
-- The plans do not depend on the products, and planning them costs more than running them.
set plan_cache_mode = force_generic_plan
as $function$
begin
    if coalesce(cardinality(p_product_ids), 0) = 0 then
        return;
    end if;
    insert into product.search_documents (product_id, language)
    select p.product_id, p.language
    from product.products as p
    where p.product_id = any (p_product_ids)
    order by p.product_id
    on conflict do nothing;

    perform product.lock_search_documents(p_product_ids);

    update product.search_documents as d
    set
        is_listed = n.is_listed,
        language = n.language,
        words = n.words,
        marks = n.marks,
        name_key = n.name_key,
        popularity = n.popularity,
        rating = n.rating,
        rating_count = n.rating_count,
        published_at = n.published_at,
        is_stale = false
    from product.search_contents(p_product_ids) as n
    where d.product_id = any (p_product_ids)
    and d.product_id = n.product_id
    and (
        d.is_stale, d.is_listed, d.language, d.words, d.marks, d.name_key, d.popularity, d.rating,
        d.rating_count, d.published_at
    ) is distinct from (
        false, n.is_listed, n.language, n.words, n.marks, n.name_key, n.popularity, n.rating,
        n.rating_count, n.published_at
    );

    -- In one order everywhere, because two sessions may be adding the same new words.
    insert into product.search_words (word)
    select distinct w.word collate "C"
    from product.products as p
    inner join product.search_documents as d on d.product_id = p.product_id
    cross join lateral unnest(tsvector_to_array(to_tsvector(
        'product.simple', concat_ws(' ', p.name, p.brand, array_to_string(p.tags, ' '))
    ))) as w (word)
    where p.product_id = any (p_product_ids)
    and d.is_listed
    and w.word ~ '^[[:alpha:]]{3,40}$'
    and not exists (select from product.search_words as k where k.word = w.word)
    order by 1
    on conflict do nothing;
end;
$function$;

comment on function product.refresh_search_documents(bigint[]) is
'Writes what product.search_products reads of products, after any change of them, of their variants,
prices, ratings or popularity. Only what is different is written.';
