-- The time zone is set because times are part of the page, and the version a digest of that.
create or replace function product.get_products(
    p_items jsonb,
    p_currency text,
    p_customer_group text default null
)
returns table (item integer, outcome text, version text, product jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
as $function$
declare
    v_item integer;
    v_product_ids bigint[];
begin
    perform core.check_items(
        p_items,
        '{
            "code?": "text", "slug?": "text", "public_id?": "text", "product_id?": "version",
            "known_version?": "text"
        }',
        core.rule('products_per_call_max')
    );
    select i.ordinality into v_item
    from jsonb_array_elements(p_items) with ordinality as i
    where num_nonnulls(
        i.value -> 'code', i.value -> 'slug', i.value -> 'public_id', i.value -> 'product_id'
    ) <> 1
    limit 1;
    if found then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'item', v_item,
            'expected', 'one of code, slug, public_id and product_id'
        ));
    end if;
    select i.ordinality into v_item
    from jsonb_array_elements(p_items) with ordinality as i
    where i.value ->> 'public_id'
    !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
    limit 1;
    if found then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'item', v_item, 'field', 'public_id', 'expected', 'a uuid'
        ));
    end if;
    perform core.check_currency(p_currency);

    -- Each key by its own index; of four look-ups an item three have a null to look for.
    select array_agg(coalesce(a.product_id, b.product_id, c.product_id, d.product_id)
        order by i.ordinality)
    into v_product_ids
    from jsonb_array_elements(p_items) with ordinality as i
    left join lateral (
        select p.product_id from product.products as p where p.code = i.value ->> 'code' limit 1
    ) as a on true
    left join lateral (
        select p.product_id from product.products as p where p.slug = i.value ->> 'slug' limit 1
    ) as b on true
    left join lateral (
        select p.product_id
        from product.products as p
        where p.public_id = (i.value ->> 'public_id')::uuid
        limit 1
    ) as c on true
    left join lateral (
        select p.product_id
        from product.products as p
        where p.product_id = (i.value ->> 'product_id')::bigint
        limit 1
    ) as d on true;

    return query
    select
        i.ordinality::integer,
        case
            when g.product_id is null then 'not_found'
            when g.version = i.value ->> 'known_version' then 'unchanged'
            else 'found'
        end,
        g.version,
        case
            when g.version is distinct from i.value ->> 'known_version' then g.page
        end
    from jsonb_array_elements(p_items) with ordinality as i
    left join product.pages(
        array(select distinct n from unnest(v_product_ids) as n where n is not null), p_currency,
        p_customer_group
    ) as g on g.product_id = v_product_ids[i.ordinality]
    order by i.ordinality;
end;
$function$;

comment on function product.get_products(jsonb, text, text) is
'The pages of 1 to 100 products (rule products_per_call_max) in one call: objects {"code"},
{"slug"}, {"public_id"} or {"product_id"}, optionally with {"known_version"}; in a currency, for
everybody or for a customer group as well. A row an item in the order of the items: outcome (found,
unchanged or not_found, the last also for what is not shown), the version, and the page, both as
product.get_product_details has them; the page is null unless it was found and differs from the
known version. Errors: CURRENCY_NOT_FOUND, INVALID_ARGUMENT. Replica: yes.';
grant execute on function product.get_products(jsonb, text, text) to product_service;
