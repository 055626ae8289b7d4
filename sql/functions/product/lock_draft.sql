-- Lock a product and its draft, against the version of the draft that the editor saw.
create or replace function product.lock_draft(p_code text, p_expected_version bigint)
returns product.content_drafts
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_product_id bigint;
begin
    select p.product_id into v_product_id
    from product.products as p
    where p.code = p_code
    for no key update;
    if not found then
        perform core.refuse('SHP01', jsonb_build_object('code', p_code));
    end if;
    if not exists (
        select from product.content_drafts as d where d.product_id = v_product_id
    ) then
        perform core.refuse('SHP25', jsonb_build_object('code', p_code));
    end if;
    return product.check_draft(v_product_id, p_code, p_expected_version);
end;
$function$;

comment on function product.lock_draft(text, bigint) is
'Locks a product and its draft; returns the draft. Errors: PRODUCT_NOT_FOUND, DRAFT_NOT_FOUND,
CONCURRENT_MODIFICATION.';
