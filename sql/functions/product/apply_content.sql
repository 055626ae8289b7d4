-- Write content over what a product has; fields that are left out stay as they are.
--
-- The caller holds the lock of the product and has checked the form. What has changed is read off
-- two snapshots: no list of comparisons can then forget a field.
create or replace function product.apply_content(p_product_id bigint, p_content jsonb)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_before jsonb;
    v_product product.products;
    v_fields jsonb;
begin
    v_before := product.snapshot(p_product_id);
    select p.* into strict v_product
    from product.products as p
    where p.product_id = p_product_id;

    if p_content ? 'category' then
        v_product.category_id := null;
        if p_content -> 'category' <> 'null' then
            -- Shared until the end: it cannot be deleted meanwhile.
            select c.category_id into v_product.category_id
            from product.categories as c
            where c.slug = p_content ->> 'category'
            for key share;
            if not found then
                perform core.refuse('SHP03', jsonb_build_object('slug', p_content ->> 'category'));
            end if;
        end if;
    end if;
    if p_content ? 'slug' and exists (
        select
        from product.products as p
        where p.slug = p_content ->> 'slug' and p.product_id <> p_product_id
    ) then
        perform core.refuse('SHP10', jsonb_build_object('slug', p_content ->> 'slug'));
    end if;
    if p_content ? 'tags' then
        v_product.tags := array(
            select distinct lower(t.tag)
            from jsonb_array_elements_text(p_content -> 'tags') as t (tag)
            order by 1
        );
    end if;
    begin
        update product.products as p
        set
            name = coalesce(p_content ->> 'name', p.name),
            description = coalesce(p_content ->> 'description', p.description),
            category_id = v_product.category_id,
            slug = case when p_content ? 'slug' then p_content ->> 'slug' else p.slug end,
            brand = case when p_content ? 'brand' then p_content ->> 'brand' else p.brand end,
            language = coalesce(p_content ->> 'language', p.language),
            tags = v_product.tags,
            metadata = coalesce(p_content -> 'metadata', p.metadata)
        where p.product_id = p_product_id;
    exception
        when unique_violation then
            -- Another session took the slug a moment ago.
            perform core.refuse('SHP10', jsonb_build_object('slug', p_content ->> 'slug'));
    end;

    if p_content ? 'options' then
        perform product.apply_options(p_product_id, p_content -> 'options');
    end if;
    if p_content ? 'specifications' then
        delete from product.specifications as s
        where s.product_id = p_product_id;
        insert into product.specifications (
            product_id, position, group_name, name, value, unit
        )
        select
            p_product_id, s.ordinality, coalesce(s.value ->> 'group', ''), s.value ->> 'name',
            s.value ->> 'value', s.value ->> 'unit'
        from jsonb_array_elements(p_content -> 'specifications') with ordinality as s;
    end if;
    if p_content ? 'suppliers' then
        delete from product.supplier_references as r
        where r.product_id = p_product_id;
        insert into product.supplier_references (product_id, supplier, reference)
        select p_product_id, r.supplier, r.reference
        from jsonb_to_recordset(p_content -> 'suppliers') as r (supplier text, reference text);
    end if;
    if p_content ? 'images' then
        perform product.apply_images(p_product_id, p_content -> 'images');
    end if;

    select coalesce(jsonb_agg(a.key order by a.key), '[]')
    into v_fields
    from jsonb_each(product.snapshot(p_product_id)) as a
    where a.value is distinct from v_before -> a.key;
    return v_fields;
end;
$function$;

comment on function product.apply_content(bigint, jsonb) is
'Writes content; returns the names of the fields that are now different.
Errors: CATEGORY_NOT_FOUND, PRODUCT_SLUG_TAKEN, OPTION_IN_USE, PRODUCT_NOT_FOUND.';
