-- A version of a product's content; the newest where none is named.
create or replace function product.find_content_version(p_code text, p_version bigint)
returns product.content_versions
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_product_id bigint;
    v_version product.content_versions;
begin
    select p.product_id into v_product_id
    from product.products as p
    where p.code = p_code;
    if not found then
        perform core.refuse('SHP01', jsonb_build_object('code', p_code));
    end if;
    select v.* into v_version
    from product.content_versions as v
    where v.product_id = v_product_id and v.version = coalesce(p_version, v.version)
    order by v.version desc
    limit 1;
    if not found then
        perform core.refuse('SHP24', jsonb_build_object('code', p_code, 'version', p_version));
    end if;
    return v_version;
end;
$function$;

comment on function product.find_content_version(text, bigint) is
'A version of a product''s content, the newest for null. Errors: PRODUCT_NOT_FOUND,
VERSION_NOT_FOUND.';
