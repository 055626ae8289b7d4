create or replace function product.find_by_code(p_text text)
returns bigint[]
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select array(
    select v.product_id
    from product.variants as v
    where v.sku in (btrim(p_text), upper(btrim(p_text)), lower(btrim(p_text)))
    union
    select p.product_id
    from product.products as p
    where p.code in (btrim(p_text), upper(btrim(p_text)), lower(btrim(p_text)))
);
$function$;

comment on function product.find_by_code(text) is
'The products that a text is the code or SKU of, as it was typed, in capitals or in small letters.';
