-- How sought after thousands of products are, from the merchant's own figures.
create or replace function product.bulk_set_popularity(
    p_items jsonb,
    p_idempotency_key text default null
)
returns table (item integer, product text, outcome text, popularity integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.bulk_set_popularity';
    v_response jsonb;
    v_ids bigint[];
begin
    perform core.check_items(
        p_items, '{"product": "text", "popularity": "count"}', core.rule('bulk_items_max')
    );
    v_response := core.claim_key(c_scope, p_idempotency_key, p_items);
    if v_response is null then
        v_ids := array(
            select (
                select p.product_id from product.products as p where p.code = i.value ->> 'product'
            )
            from jsonb_array_elements(p_items) with ordinality as i
            order by i.ordinality
        );
        -- Of a product that is named twice the last figure counts.
        with written as (
            insert into product.product_popularity as x (product_id, popularity, updated_by)
            select distinct on (i.product_id)
                i.product_id, (i.item -> 'popularity')::integer, core.actor()
            from (
                select v_ids[i.ordinality] as product_id, i.value as item, i.ordinality
                from jsonb_array_elements(p_items) with ordinality as i
            ) as i
            where i.product_id is not null
            order by i.product_id, i.ordinality desc
            on conflict (product_id) do update
            set
                popularity = excluded.popularity,
                updated_at = excluded.updated_at,
                updated_by = excluded.updated_by
            where x.popularity <> excluded.popularity
            returning x.product_id
        )

        select
            jsonb_agg(
                jsonb_build_object(
                    'item', i.ordinality, 'product', i.value ->> 'product',
                    'popularity', i.value -> 'popularity',
                    'outcome', case
                        when v_ids[i.ordinality] is null then 'refused'
                        when w.product_id is null then 'unchanged'
                        else 'updated'
                    end
                )
                order by i.ordinality
            )
        into v_response
        from jsonb_array_elements(p_items) with ordinality as i
        left join written as w on w.product_id = v_ids[i.ordinality];
        perform product.refresh_search_documents(v_ids);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        item integer, product text, outcome text, popularity integer
    );
end;
$function$;

comment on function product.bulk_set_popularity(jsonb, text) is
'Sets how sought after products are: 1 to 10,000 objects with product (its code) and popularity
(such as the units sold in 90 days, twice as much being twice as popular). product.search_products
shows the most popular first, and adds the number of reviews. Returns a row an item: outcome
updated, unchanged or refused (no such product). It is no change of the product: versions stay, no
event is written.
Errors: INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.bulk_set_popularity(jsonb, text) to product_editor;
