create or replace function product.find_price_list(p_code text)
returns bigint
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_price_list_id bigint;
begin
    select l.price_list_id into v_price_list_id
    from product.price_lists as l
    where l.code = p_code;
    if not found then
        perform core.refuse('SHP30', jsonb_build_object('price_list', p_code));
    end if;
    return v_price_list_id;
end;
$function$;

comment on function product.find_price_list(text) is
'The key of a price list by its code. Errors: PRICE_LIST_NOT_FOUND.';
