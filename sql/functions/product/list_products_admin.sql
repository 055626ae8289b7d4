-- First the keys of the page, by a statement that is built for the filters and the order that are
-- there, so that each shape has the plan of its index; then all that is shown of those few
-- products, in one statement whose plan is always the same. Ratings are kept with the product,
-- sales are counted by orders.roll_up_sales; stock and prices are read, not counted.
create or replace function product.list_products_admin(
    p_currency text,
    p_status text default null,
    p_category text default null,
    p_sort text default 'code',
    p_limit integer default 20,
    p_cursor text default null
)
returns table (
    product_id bigint, public_id uuid, code text, slug text, name text, status text, brand text,
    category_slug text, image text, variants integer, active_variants integer, currency text,
    price_from numeric, price_to numeric, current_stock bigint, reserved_quantity bigint,
    available_stock bigint, is_in_stock boolean, is_low_stock boolean, rating numeric,
    rating_count bigint, units_sold bigint, revenue numeric, has_draft boolean, version bigint,
    created_at timestamptz, updated_at timestamptz, updated_by text, cursor text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
as $function$
declare
    v_max constant integer := core.rule('products_per_call_max');
    v_statuses constant text[] := case
        when p_status is null then '{draft,active,archived}' else array[p_status]
    end;
    v_category_ids bigint[];
    v_code text;
    v_updated_at timestamptz;
    v_product_id bigint;
    v_product_ids bigint[];
begin
    if p_limit is null or p_limit not between 1 and coalesce(v_max, 1000) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number from 1 to ' || coalesce(v_max, 1000)
        ));
    end if;
    if p_status not in ('draft', 'active', 'archived') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_status', 'expected', 'null, draft, active or archived'
        ));
    end if;
    if p_sort is null or p_sort not in ('code', 'updated_at') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_sort', 'expected', 'code or updated_at'
        ));
    end if;
    perform core.check_currency(p_currency);
    if p_category is not null then
        select array_agg(t.category_id) into v_category_ids
        from product.categories as c
        inner join product.categories as t on t.path @> array[c.category_id]
        where c.slug = p_category;
        if v_category_ids is null then
            perform core.refuse('SHP03', jsonb_build_object('slug', p_category));
        end if;
    end if;
    if p_cursor is not null then
        if p_sort = 'code' and p_cursor ~ '^code:' then
            v_code := substr(p_cursor, 6);
        elsif p_sort = 'updated_at' and p_cursor ~ '^updated_at:[0-9]{1,17}:[0-9]{1,18}$' then
            -- In microseconds, which are whole and the same in every time zone.
            v_updated_at := 'epoch'::timestamptz
                + split_part(p_cursor, ':', 2)::bigint * interval '1 microsecond';
            v_product_id := split_part(p_cursor, ':', 3)::bigint;
        else
            perform core.refuse('SHP50', '{"argument": "p_cursor"}');
        end if;
    end if;

    execute format(
        'select array_agg(k.product_id order by %1$s)
        from (
            select k.*
            from unnest($1) as s (status)
            cross join lateral (
                select p.product_id, p.code, p.updated_at
                from product.products as p
                where p.status = s.status
                %2$s
                %3$s
                order by %4$s
                limit $2
            ) as k
            order by %1$s
            limit $2
        ) as k',
        case p_sort when 'code' then 'k.code' else 'k.updated_at desc, k.product_id desc' end,
        case when p_category is not null then 'and p.category_id = any ($3)' end,
        case
            when p_cursor is null then ''
            when p_sort = 'code' then 'and p.code > $4'
            else 'and (p.updated_at, p.product_id) < ($5, $6)'
        end,
        case p_sort when 'code' then 'p.code' else 'p.updated_at desc, p.product_id desc' end
    )
    into v_product_ids
    using v_statuses, p_limit, v_category_ids, v_code, v_updated_at, v_product_id;

    return query
    select
        p.product_id, p.public_id, p.code, p.slug, p.name, p.status, p.brand, c.slug, i.url,
        v.variants, v.active_variants, p_currency, f.price_from, f.price_to, v.current_stock,
        v.reserved_quantity, v.available_stock, v.available_stock > 0, v.is_low_stock,
        round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2), p.rating_count,
        v.units_sold, v.revenue,
        exists (
            select from product.content_drafts as d where d.product_id = p.product_id
        ),
        p.version, p.created_at, p.updated_at, p.updated_by,
        case p_sort
            when 'code' then 'code:' || p.code
            else 'updated_at:' || (extract(epoch from p.updated_at) * 1000000)::bigint || ':'
                || p.product_id
        end
    from unnest(v_product_ids) with ordinality as n (product_id, place)
    cross join lateral (
        select a.* from product.products as a where a.product_id = n.product_id limit 1
    ) as p
    left join lateral (
        select a.slug from product.categories as a where a.category_id = p.category_id limit 1
    ) as c on true
    left join lateral (
        select a.url
        from product.product_images as a
        where a.product_id = p.product_id and a.is_primary
        limit 1
    ) as i on true
    cross join lateral (
        select
            count(*)::integer as variants,
            count(*) filter (where a.is_active)::integer as active_variants,
            array_agg(a.variant_id) filter (where a.is_active) as variant_ids,
            coalesce(sum(k.current_stock), 0)::bigint as current_stock,
            coalesce(sum(k.reserved_quantity), 0)::bigint as reserved_quantity,
            coalesce(sum(k.available_stock) filter (where a.is_active), 0)::bigint
                as available_stock,
            coalesce(bool_or(k.is_low_stock) filter (where a.is_active), false) as is_low_stock,
            coalesce(sum(w.units), 0)::bigint as units_sold,
            coalesce(sum(w.revenue), 0) as revenue
        from product.variants as a
        left join lateral (
            select s.current_stock, s.reserved_quantity, s.available_stock, s.is_low_stock
            from inventory.stock_totals as s
            where s.variant_id = a.variant_id
            limit 1
        ) as k on true
        left join lateral (
            select
                sum(s.units) as units,
                sum(s.revenue) filter (where s.currency = p_currency) as revenue
            from orders.variant_sales as s
            where s.variant_id = a.variant_id
        ) as w on true
        where a.product_id = p.product_id
    ) as v
    cross join lateral (
        select min(a.price) as price_from, max(a.price) as price_to
        from product.prices_in_force(
            v.variant_ids, array_fill(1, array[v.active_variants]), p_currency
        ) as a
    ) as f
    order by n.place;
end;
$function$;

comment on function product.list_products_admin(text, text, text, text, integer, text) is
'A page of all products, drafts and archived ones too, for editors: optionally of one status, or of
a category and all below it; in order of code, or (updated_at) what was edited last first. Pages
have 20 products, at most 100 (rule products_per_call_max); p_cursor is the cursor of the last row
of the page before with everything else alike, and past the end there is no row. A row a product:
number of its variants and of its active ones; the lowest and highest price in force of one unit of
an active one, for everybody, in the currency (null where there is none); units on hand and
promised of all variants; units to be had of active ones, and whether any of those is low; the mean
of the approved reviews and their number; units of all variants in confirmed orders, less what was
cancelled or came back, and what those in the currency brought (discounts off, taxes in), both as of
the last orders.roll_up_sales; whether somebody prepares a draft; the version that editing wants.
Errors: CATEGORY_NOT_FOUND, CURRENCY_NOT_FOUND, CURSOR_INVALID, INVALID_ARGUMENT. Replica: yes.';
grant execute on function product.list_products_admin(text, text, text, text, integer, text)
to product_editor;
