-- Whoever writes documents locks all of them at once and in one order, before the first is read: a
-- call that comes to them in several ways (new prices, changed ones, content) would otherwise wait
-- for somebody who waits for it.
create or replace function product.lock_search_documents(p_product_ids bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
-- As in product.refresh_search_documents.
set plan_cache_mode = force_generic_plan
as $function$
begin
    perform
    from product.search_documents as d
    where d.product_id = any (p_product_ids)
    order by d.product_id
    for no key update;
end;
$function$;

comment on function product.lock_search_documents(bigint[]) is
'Locks the search documents of products until the end of the transaction.';
