-- The time zone is set because times are part of the page, and the version a digest of that.
create or replace function product.get_product_details(
    p_code text,
    p_currency text,
    p_customer_group text default null,
    p_known_version text default null,
    p_slug text default null,
    p_public_id uuid default null
)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $function$
declare
    v_product_id bigint;
    v_page record;
begin
    if num_nonnulls(p_code, p_slug, p_public_id) <> 1 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_code, p_slug, p_public_id', 'expected', 'one of them, the others null'
        ));
    end if;
    perform core.check_currency(p_currency);
    -- Each key in a statement of its own, whose plan is its index.
    if p_code is not null then
        select p.product_id into v_product_id from product.products as p where p.code = p_code;
    elsif p_slug is not null then
        select p.product_id into v_product_id from product.products as p where p.slug = p_slug;
    else
        select p.product_id into v_product_id
        from product.products as p
        where p.public_id = p_public_id;
    end if;
    select g.page, g.version
    into v_page
    from product.pages(array[v_product_id], p_currency, p_customer_group) as g;
    if not found then
        perform core.refuse('SHP01', jsonb_strip_nulls(jsonb_build_object(
            'code', p_code, 'slug', p_slug, 'public_id', p_public_id
        )));
    end if;
    if v_page.version = p_known_version then
        return jsonb_build_object('version', v_page.version, 'is_unchanged', true);
    end if;
    return v_page.page || jsonb_build_object('version', v_page.version, 'is_unchanged', false);
end;
$function$;

comment on function product.get_product_details(text, text, text, text, text, uuid) is
'Everything that the page of a product shows, found by its code, or by its slug or public_id with a
null code; prices in a currency, for everybody or for a customer group as well. An object: names,
description, brand, language, tags; breadcrumb (the way to its category, itself last; empty where
that is hidden); options, specifications and images in order; the active variants in order, each
with the price of one unit (its list, the base price, until when both hold if nobody edits them),
the tiers of price by quantity, and the stock that can be had; price_from, price_to and
available_stock over all variants; rating, rating_count and the newest 10 approved reviews
(product.review_list has all). version is a digest of all that, for an ETag: it changes when the
page does, also where a price begins or a hold ends by itself, and never else. With p_known_version
of a page that has not changed, only version and is_unchanged (true) come back. Errors:
PRODUCT_NOT_FOUND also for what is not shown, CURRENCY_NOT_FOUND, INVALID_ARGUMENT. Replica: yes.';
grant execute on function product.get_product_details(text, text, text, text, text, uuid)
to product_service;
