-- The end of every edit of one product: nothing more where nothing has changed.
create or replace function product.finish_edit(
    p_product_id bigint,
    p_fields jsonb,
    p_summary text
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_response jsonb;
begin
    if p_fields <> '[]' then
        perform product.record_change(array[p_product_id], array[p_fields], p_summary);
    end if;
    select jsonb_build_object('code', p.code, 'version', p.version, 'fields', p_fields)
    into v_response
    from product.products as p
    where p.product_id = p_product_id;
    return v_response;
end;
$function$;

comment on function product.finish_edit(bigint, jsonb, text) is
'Records a change of the fields named, if there are any; returns code, version and fields.';
