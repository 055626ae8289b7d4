-- Whether a variant may have these values: each belongs to an option of the product.
create or replace function product.options_fit(p_product_id bigint, p_options jsonb)
returns boolean
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select not exists (
    select
    from jsonb_each_text(p_options) as c
    where not exists (
        select
        from product.option_values as v
        where v.product_id = p_product_id and v.option_name = c.key and v.value = c.value
    )
);
$function$;

comment on function product.options_fit(bigint, jsonb) is
'Whether each value is one of an option of the product.';
