-- Make a draft: nobody but editors sees it until product.set_product_status makes it active.
create or replace function product.create_product(
    p_code text,
    p_content jsonb,
    p_idempotency_key text default null
)
returns table (code text, product_id bigint, public_id uuid, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.create_product';
    v_response jsonb;
    v_product_id bigint;
    v_fields jsonb;
begin
    perform core.check_text('p_code', p_code, 64);
    perform product.check_content('p_content', p_content);
    if not p_content ? 'name' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_content', 'field', 'name', 'expected', 'a name'
        ));
    end if;

    v_response := core.claim_key(
        c_scope, p_idempotency_key, jsonb_build_object('code', p_code, 'content', p_content)
    );
    if v_response is null then
        insert into product.products as p (
            code, name, status, published_at, version, updated_by
        )
        values (p_code, p_content ->> 'name', 'draft', null, 0, core.actor())
        on conflict on constraint products_code_key do nothing
        returning p.product_id into v_product_id;
        if not found then
            perform core.refuse('SHP11', jsonb_build_object('code', p_code));
        end if;
        v_fields := product.apply_content(v_product_id, p_content);
        perform product.finish_edit(v_product_id, '["name"]' || (v_fields - 'name'), 'Created');
        select jsonb_build_object(
            'code', p.code, 'product_id', p.product_id, 'public_id', p.public_id,
            'version', p.version
        )
        into v_response
        from product.products as p
        where p.product_id = v_product_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        code text, product_id bigint, public_id uuid, version bigint
    );
end;
$function$;

comment on function product.create_product(text, jsonb, text) is
'Makes a draft of a product with the merchant''s code (1 to 64 characters) and its content, as
product.update_product takes it, with at least a name; returns its keys and version.
Errors: PRODUCT_CODE_TAKEN, PRODUCT_SLUG_TAKEN, CATEGORY_NOT_FOUND, CONTENT_LIMIT_REACHED,
PRODUCT_NOT_FOUND (the SKU of an image), INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function product.create_product(text, jsonb, text) to product_editor;
