-- Give a product the options that are listed, in this order. Values that variants have cannot go.
create or replace function product.apply_options(p_product_id bigint, p_options jsonb)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    delete from product.product_options as o
    where o.product_id = p_product_id;
    insert into product.product_options (product_id, name, position)
    select p_product_id, o.value ->> 'name', o.ordinality
    from jsonb_array_elements(p_options) with ordinality as o;
    insert into product.option_values (product_id, option_name, value, position)
    select p_product_id, o.value ->> 'name', v.value, v.ordinality
    from jsonb_array_elements(p_options) as o
    cross join lateral jsonb_array_elements_text(o.value -> 'values') with ordinality as v;

    perform product.check_options(p_product_id);
end;
$function$;

comment on function product.apply_options(bigint, jsonb) is
'Replaces the options of a product. Errors: OPTION_IN_USE.';
