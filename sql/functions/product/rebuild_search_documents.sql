-- The documents that an upgrade has left empty, a batch a call.
create or replace function product.rebuild_search_documents(p_limit integer default 1000)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_product_ids bigint[];
begin
    if p_limit is null or p_limit not between 1 and 10000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number from 1 to 10000'
        ));
    end if;
    v_product_ids := array(
        select d.product_id
        from product.search_documents as d
        where d.is_stale
        order by d.product_id
        limit p_limit
        for no key update skip locked
    );
    perform product.refresh_search_documents(v_product_ids);
    return cardinality(v_product_ids);
end;
$function$;

comment on function product.rebuild_search_documents(integer) is
'Writes at most so many search documents (1 to 10,000) that are there from before
product.search_products was; returns how many, 0 when none is left. Call it until then after an
upgrade; what another session is changing is left out, for that session writes it. Errors:
INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function product.rebuild_search_documents(integer) to product_editor;
