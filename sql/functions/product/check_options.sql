-- Refuse to leave a variant with a value that its product does not offer.
create or replace function product.check_options(p_product_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_skus jsonb;
begin
    select jsonb_agg(v.sku order by v.sku)
    into v_skus
    from product.variants as v
    where v.product_id = p_product_id
    and not product.options_fit(p_product_id, v.options);
    if v_skus is not null then
        perform core.refuse('SHP17', jsonb_build_object('skus', v_skus));
    end if;
end;
$function$;

comment on function product.check_options(bigint) is
'Refuses variants whose values are not among the options of the product. Errors: OPTION_IN_USE.';
