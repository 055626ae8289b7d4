-- setup: a mug with everything that a page shows, and much that it does not
select core.set_context('staff:anna', 'req-1');
select product.create_category('home', 'Home');
select product.create_category('kitchen', 'Kitchen', 'home');
select product.create_category('attic', 'Attic');
select product.create_product('MUG', '{
    "name": "Mug", "slug": "big-mug", "description": "Holds tea. 茶", "brand": "Brown",
    "category": "kitchen", "tags": ["tea"], "metadata": {"shelf": "A7"},
    "options": [{"name": "Size", "values": ["S", "L", "XL"]}],
    "specifications": [
        {"name": "Height", "value": "9", "unit": "cm"},
        {"group": "Care", "name": "Dishwasher", "value": "yes"}
    ],
    "suppliers": [{"supplier": "ACME", "reference": "M-1"}]
}');
select product.create_variant('MUG', v.variant, v.version)
from (
    values
    ('{"sku": "M-L", "name": "Large", "options": {"Size": "L"}, "position": 2}'::jsonb, 1),
    ('{"sku": "M-S", "name": "Small", "options": {"Size": "S"}, "position": 1}', 2),
    ('{"sku": "M-X", "name": "Huge", "options": {"Size": "XL"}, "is_active": false}', 3)
) as v (variant, version)
order by v.version;
select product.add_image('MUG', '/front.jpg', 4, 'From the front');
select product.add_image('MUG', '/small.jpg', 5, '', 'M-S');
select product.add_image('MUG', '/huge.jpg', 6, '', 'M-X');
select product.bulk_update_prices('[
    {"sku": "M-S", "currency": "EUR", "price": 8}, {"sku": "M-L", "currency": "EUR", "price": 10},
    {"sku": "M-X", "currency": "EUR", "price": 99}, {"sku": "M-S", "currency": "GBP", "price": 7},
    {"sku": "M-S", "currency": "EUR", "price": 7, "min_quantity": 10}
]');
select product.set_product_status('MUG', 'active', 7);
select inventory.receive_stock('[{"sku": "M-S", "quantity": 20}, {"sku": "M-X", "quantity": 5}]');
select product.create_price_list('sale', 'Sale', 10);
select product.create_price_list('trade', 'Trade', 20, 'trade');
select product.import_products(
    '[{"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}]'
);
select inventory.set_supplier('ACME', 'Acme', 3, 0);
select account.register_user(n || '@example.com', n)
from unnest(array['fan', 'critic', 'cat']) as n;
create temporary table reviews as
select
    u.full_name as author,
    s.review
from account.users as u
cross join lateral product.submit_review(
    u.user_id, 'MUG', case u.full_name when 'fan' then 5 else 2 end, u.full_name
) as s;
select product.moderate_review(r.review, 'approved', 1)
from reviews as r
where r.author <> 'critic';
select product.moderate_review(r.review, 'hidden', 2)
from reviews as r
where r.author = 'cat';

create function pg_temp.edition() returns bigint language sql volatile as
$$select p.version from product.products as p where p.code = 'MUG'$$;

-- What a change of one source does to the page, to its version, and to a caller who knows it.
create function pg_temp.tries(p_title text, p_change text, p_is_seen boolean)
returns setof text language plpgsql volatile as
$$
declare
    v_before constant jsonb := product.get_product_details('MUG', 'EUR');
    v_known jsonb;
    v_after jsonb;
begin
    v_known := product.get_product_details('MUG', 'EUR', p_known_version => v_before ->> 'version');
    return next is(
        v_known,
        jsonb_build_object('version', v_before -> 'version', 'is_unchanged', true),
        p_title || ': nothing yet'
    );
    execute p_change;
    v_known := product.get_product_details('MUG', 'EUR', p_known_version => v_before ->> 'version');
    v_after := product.get_product_details('MUG', 'EUR');
    return next is(
        array[
            v_after - 'version' <> v_before - 'version',
            v_after -> 'version' <> v_before -> 'version',
            not (v_known -> 'is_unchanged')::boolean
        ],
        array[p_is_seen, p_is_seen, p_is_seen],
        p_title || ': page, version and answer'
    );
    if p_is_seen then
        return next is(v_known, v_after, p_title || ': who knows the old one gets the new one');
    end if;
end;
$$;

-- case: everything that a page shows comes in one call
select is(
    jsonb_set(
        d.page - '{public_id,version}'::text[], '{reviews}',
        jsonb_path_query_array(d.page, '$.reviews[*].title')
    ),
    '{
        "code": "MUG", "slug": "big-mug", "name": "Mug", "description": "Holds tea. 茶",
        "brand": "Brown", "language": "en", "tags": ["tea"], "currency": "EUR",
        "breadcrumb": [
            {"slug": "home", "name": "Home"}, {"slug": "kitchen", "name": "Kitchen"}
        ],
        "options": [{"name": "Size", "values": ["S", "L", "XL"]}],
        "specifications": [
            {"group": null, "name": "Height", "value": "9", "unit": "cm"},
            {"group": "Care", "name": "Dishwasher", "value": "yes", "unit": null}
        ],
        "images": [
            {"url": "/front.jpg", "alt": "From the front", "is_primary": true, "sku": null},
            {"url": "/small.jpg", "alt": "", "is_primary": false, "sku": "M-S"}
        ],
        "rating": 5.00, "rating_count": 1, "reviews": ["fan"],
        "price_from": 8.0000, "price_to": 10.0000, "available_stock": 20, "is_in_stock": true,
        "variants": [
            {
                "sku": "M-S", "name": "Small", "options": {"Size": "S"}, "barcode": null,
                "weight_grams": null, "price": 8.0000, "price_list": "base", "base_price": 8.0000,
                "price_valid_until": null,
                "tiers": [
                    {
                        "min_quantity": 1, "price": 8.0000, "price_list": "base",
                        "base_price": 8.0000
                    },
                    {
                        "min_quantity": 10, "price": 7.0000, "price_list": "base",
                        "base_price": 7.0000
                    }
                ],
                "available_stock": 20, "is_in_stock": true, "is_low_stock": false
            },
            {
                "sku": "M-L", "name": "Large", "options": {"Size": "L"}, "barcode": null,
                "weight_grams": null, "price": 10.0000, "price_list": "base",
                "base_price": 10.0000, "price_valid_until": null,
                "tiers": [{
                    "min_quantity": 1, "price": 10.0000, "price_list": "base",
                    "base_price": 10.0000
                }],
                "available_stock": 0, "is_in_stock": false, "is_low_stock": true
            }
        ],
        "is_unchanged": false
    }'::jsonb,
    'the page'
)
from product.get_product_details('MUG', 'EUR') as d (page);

-- case: it is found by code, slug and public key alike
select is(
    array[
        product.get_product_details(null, 'EUR', p_slug => 'big-mug'),
        product.get_product_details(null, 'EUR', p_public_id => p.public_id)
    ],
    array_fill(product.get_product_details('MUG', 'EUR'), array[2]),
    'three ways'
)
from product.products as p
where p.code = 'MUG';

-- case: the content changes the page
select pg_temp.tries('name', $$select product.update_product('MUG', '{"name": "Cup"}', 8)$$, true);
select pg_temp.tries(
    f.field, format(
        'select product.update_product(%L, %L, pg_temp.edition())', 'MUG',
        jsonb_build_object(f.field, f.value)
    ), true
)
from (
    values
    ('description', '"Holds coffee."'::jsonb), ('brand', '"Green"'), ('tags', '["tea", "cup"]'),
    ('slug', '"cup"'), ('language', '"de"'), ('category', '"attic"'),
    ('options', '[{"name": "Size", "values": ["L", "S", "XL"]}]')
) as f (field, value);

-- case: specifications change the page
select pg_temp.tries(s.value, format(
    'select product.update_product(%L, %L, pg_temp.edition())', 'MUG',
    jsonb_build_object('specifications', s.value::jsonb)
), true)
from (
    values
    ('[{"name": "Height", "value": "10", "unit": "cm"}]'),
    ('[{"name": "Height", "value": "10", "unit": "mm"}]'),
    ('[{"name": "Width", "value": "1"}, {"name": "Height", "value": "10", "unit": "mm"}]'), ('[]')
) as s (value);

-- case: images change the page
select pg_temp.tries(i.title, i.change, true)
from (
    values
    ('added', $$select product.add_image('MUG', '/back.jpg', pg_temp.edition())$$),
    (
        'arranged', $$select product.arrange_images(
            'MUG', '{/back.jpg,/small.jpg,/huge.jpg,/front.jpg}', pg_temp.edition()
        )$$
    ),
    ('primary', $$select product.set_primary_image('MUG', '/small.jpg', pg_temp.edition())$$),
    ('removed', $$select product.remove_image('MUG', '/back.jpg', pg_temp.edition())$$)
) as i (title, change);

-- case: variants change the page
select pg_temp.tries(v.title, v.change, true)
from (
    values
    (
        'renamed', $$select product.update_variant('M-S', '{"name": "Tiny"}', v.version)
        from product.variants as v where v.sku = 'M-S'$$
    ),
    (
        'barcode', $$select product.update_variant('M-S', '{"barcode": "12345678"}', v.version)
        from product.variants as v where v.sku = 'M-S'$$
    ),
    (
        'taken off sale', $$select product.update_variant('M-L', '{"is_active": false}', v.version)
        from product.variants as v where v.sku = 'M-L'$$
    ),
    (
        'put on sale', $$select product.update_variant('M-X', '{"is_active": true}', v.version)
        from product.variants as v where v.sku = 'M-X'$$
    ),
    (
        'a new one', $$select product.create_variant(
            'MUG', '{"sku": "M-M", "name": "Middle", "options": {"Size": "M"}}', u.version
        )
        from product.update_product(
            'MUG', '{"options": [{"name": "Size", "values": ["S", "M", "L", "XL"]}]}',
            pg_temp.edition()
        ) as u$$
    )
) as v (title, change);

-- case: prices change the page
select pg_temp.tries(p.title, p.change, true)
from (
    values
    ('price', $$select product.set_price('M-S', 'EUR', 9, 1)$$),
    (
        'tier', $$select product.bulk_update_prices(
            '[{"sku": "M-S", "currency": "EUR", "price": 6, "min_quantity": 50}]'
        )$$
    ),
    (
        'sale', $$select product.bulk_update_prices(
            '[{"sku": "M-L", "currency": "EUR", "price": 5}]', 'sale'
        )$$
    ),
    ('list', $$select product.update_price_list('sale', 1, 'Sale', 10, null, null, false)$$),
    ('base price', $$select product.set_price('M-L', 'EUR', 12, 1)$$),
    (
        'a price to come ends the one that is there', $$select product.schedule_price(
            'M-S', 'EUR', 5, now() + interval '1 day', p_is_replacing => true
        )$$
    )
) as p (title, change);

-- case: a price that begins changes the page without a write
-- On a busy machine it takes a while to ask what the page was before.
create temporary table sale as
select
    s.valid_from,
    null::jsonb as before
from product.schedule_price('M-S', 'EUR', 5, clock_timestamp() + interval '3 s', null, 'sale') as s;
update sale set before = product.get_product_details('MUG', 'EUR');
select pg_temp.tries(
    'the sale begins', 'select pg_sleep_until(s.valid_from) from sale as s', true
);
select is(
    array[s.before ->> 'price_from', d.page ->> 'price_from'], array['8.0000', '5.0000'],
    'the price'
)
from sale as s
cross join product.get_product_details('MUG', 'EUR') as d (page);

-- case: a price that ends changes the page without a write
create temporary table sale as
select s.valid_until
from product.schedule_price(
    'M-S', 'EUR', 5, null, clock_timestamp() + interval '3 s', 'sale'
) as s;
select pg_temp.tries('the sale ends', 'select pg_sleep_until(s.valid_until) from sale as s', true);
select is(d.page ->> 'price_from', '8.0000', 'the price')
from product.get_product_details('MUG', 'EUR') as d (page);

-- case: stock changes the page
select pg_temp.tries(s.title, s.change, true)
from (
    values
    ('received', $$select inventory.receive_stock('[{"sku": "M-L", "quantity": 3}]')$$),
    (
        'few from now on', $$select inventory.configure_stock('M-S', i.version, 20)
        from inventory.inventory as i
        inner join product.variants as v on v.variant_id = i.variant_id
        where v.sku = 'M-S'$$
    ),
    (
        'sold out', $$select inventory.record_damage('M-L', 3, 0, i.version, 'Broken')
        from inventory.inventory as i
        inner join product.variants as v on v.variant_id = i.variant_id
        where v.sku = 'M-L'$$
    ),
    (
        'reserved',
        $$select inventory.reserve_inventory('[{"sku": "M-S", "quantity": 2}]', 'session:a')$$
    ),
    (
        'a hold that is over', $$update inventory.inventory_reservations
        set created_at = created_at - interval '1 hour',
            expires_at = expires_at - interval '1 hour'$$
    ),
    (
        'a location closed',
        $$select inventory.update_location('MAIN', l.version, p_is_active => false)
        from inventory.locations as l where l.code = 'MAIN'$$
    )
) as s (title, change);

-- case: reviews change the page
select pg_temp.tries(r.title, r.change, true)
from (
    values
    (
        'approved', $$select product.moderate_review(r.review, 'approved', 1)
        from reviews as r where r.author = 'critic'$$
    ),
    (
        'hidden', $$select product.moderate_review(r.review, 'hidden', 2)
        from reviews as r where r.author = 'fan'$$
    ),
    (
        'shown again', $$select product.moderate_review(r.review, 'approved', 3)
        from reviews as r where r.author = 'cat'$$
    ),
    (
        'its author', $$update product.product_reviews set author_name = 'Ann'
        where status = 'approved'$$
    ),
    (
        'deleted', $$select product.delete_review(u.user_id, r.review, 2)
        from reviews as r
        inner join account.users as u on u.full_name = r.author
        where r.author = 'critic'$$
    )
) as r (title, change);

-- case: the names of its categories change the page
select pg_temp.tries(c.title, c.change, true)
from (
    values
    ('its own', $$select product.update_category('kitchen', '{"name": "Galley"}', 1)$$),
    ('the one above', $$select product.update_category('home', '{"name": "House"}', 1)$$),
    ('slug', $$select product.update_category('home', '{"slug": "house"}', 2)$$),
    ('moved', $$select product.move_category('kitchen', 'attic', 2)$$),
    ('archived', $$select product.set_category_status('attic', 'archived', 1)$$)
) as c (title, change);
select is(d.page -> 'breadcrumb', '[]', 'what is hidden is not named')
from product.get_product_details('MUG', 'EUR') as d (page);

-- case: what a page does not show changes nothing
select pg_temp.tries(n.title, n.change, false)
from (
    values
    (
        'metadata',
        $$select product.update_product('MUG', '{"metadata": {"shelf": "B"}}', pg_temp.edition())$$
    ),
    (
        'a supplier''s reference',
        $$select product.update_product('MUG', '{"suppliers": []}', pg_temp.edition())$$
    ),
    ('a draft', $$select product.save_draft('MUG', '{"name": "Cup"}', pg_temp.edition())$$),
    ('a cost', $$select inventory.set_supplier_item('ACME', 'M-S', 3, 'EUR', 0)$$),
    ('another currency', $$select product.set_price('M-S', 'GBP', 9, 1)$$),
    (
        'another group', $$select product.bulk_update_prices(
            '[{"sku": "M-S", "currency": "EUR", "price": 1, "min_quantity": 5}]', 'trade'
        )$$
    ),
    ('another product', $$select product.set_price('POT', 'EUR', 9, 1)$$),
    ('another stock', $$select inventory.receive_stock('[{"sku": "POT", "quantity": 3}]')$$),
    ('another category', $$select product.update_category('attic', '{"name": "Loft"}', 1)$$),
    ('a variant off sale', $$select product.set_price('M-X', 'EUR', 50, 1)$$),
    ('its stock', $$select inventory.receive_stock('[{"sku": "M-X", "quantity": 3}]')$$),
    (
        'a review that waits', $$select product.submit_review(u.user_id, 'MUG', 1, 'Bad')
        from account.register_user('d@example.com', 'D') as u$$
    ),
    (
        'a rejected one', $$select product.moderate_review(r.review, 'rejected', 1)
        from reviews as r where r.author = 'critic'$$
    ),
    ('a new list', $$select product.create_price_list('vip', 'VIP', 90, 'vip')$$),
    (
        'the name of a list',
        $$select product.update_price_list('sale', 1, 'Sales', 10, null, null)$$
    ),
    (
        'a tier of the same price', $$select product.bulk_update_prices(
            '[{"sku": "M-S", "currency": "EUR", "price": 7, "min_quantity": 20}]'
        )$$
    ),
    (
        'stock at another place', $$select inventory.create_location('SHOP', 'Shop', 2)$$
    ),
    (
        'stock moved there',
        $$select inventory.transfer_stock('[{"sku": "M-S", "quantity": 4}]', 'MAIN', 'SHOP')$$
    ),
    (
        'a place for what is sold out', $$insert into inventory.inventory (
            variant_id, location_id, max_on_hand, min_stock_level, last_updated_by
        )
        select v.variant_id, l.location_id, 100, 5, 'test'
        from product.variants as v
        cross join inventory.locations as l
        where v.sku = 'M-L' and l.code = 'MAIN'$$
    ),
    (
        'the name of a variant off sale',
        $$select product.update_variant('M-X', '{"name": "Giant"}', v.version)
        from product.variants as v where v.sku = 'M-X'$$
    ),
    ('its image', $$select product.remove_image('MUG', '/huge.jpg', pg_temp.edition())$$)
) as n (title, change);

-- case: a price that no customer gets changes nothing, one that they get again is the old one
select product.bulk_update_prices('[{"sku": "M-L", "currency": "EUR", "price": 5}]', 'sale');
select product.create_price_list('old', 'Old sale', 5);
create temporary table known as
select product.get_product_details('MUG', 'EUR') ->> 'version' as version;
select pg_temp.tries(
    'behind another', $$select product.bulk_update_prices(
        '[{"sku": "M-L", "currency": "EUR", "price": 3}]', 'old'
    )$$, false
);
select pg_temp.tries(
    'closed', $$select product.update_price_list('sale', 1, 'Sale', 10, null, null, false)$$, true
);
select pg_temp.tries(
    'open', $$select product.update_price_list('sale', 2, 'Sale', 10, null, null, true)$$, true
);
select is(product.get_product_details('MUG', 'EUR') ->> 'version', k.version, 'as before')
from known as k;

-- case: what an archived category hides changes nothing
select product.set_category_status('home', 'archived', 1);
select pg_temp.tries(
    'its name', $$select product.update_category('kitchen', '{"name": "Galley"}', 1)$$, false
);

-- case: the version is the same in every session
create temporary table known as
select product.get_product_details('MUG', 'EUR') ->> 'version' as version;
set local timezone = 'Asia/Kathmandu';
set local datestyle = 'German';
set local intervalstyle = 'sql_standard';
set local extra_float_digits = -5;
set local lc_numeric = 'C';
select is(product.get_product_details('MUG', 'EUR') ->> 'version', k.version, 'the version')
from known as k;

-- case: another version, or one of another page, is not the one that is known
select is(
    (product.get_product_details('MUG', 'EUR', p_known_version => v.version) -> 'is_unchanged')
    ::boolean, false, v.version
)
from (
    values
    (''), ('x'), (upper(product.get_product_details('MUG', 'EUR') ->> 'version') || ' '),
    (product.get_product_details('POT', 'EUR') ->> 'version'),
    (product.get_product_details('MUG', 'GBP') ->> 'version')
) as v (version);

-- case: a customer group sees its prices, with tiers of its own
select product.bulk_update_prices('[
    {"sku": "M-S", "currency": "EUR", "price": 6, "min_quantity": 5},
    {"sku": "M-S", "currency": "EUR", "price": 4, "min_quantity": 50}
]', 'trade');
select is(
    jsonb_path_query_array(d.page, '$.variants[0].tiers[*].price') || to_jsonb(g.customer_group),
    g.tiers, g.customer_group
)
from (
    values
    ('trade', '[8.0000, 6.0000, 6.0000, 4.0000, "trade"]'::jsonb),
    ('vip', '[8.0000, 7.0000, "vip"]')
) as g (customer_group, tiers)
cross join lateral product.get_product_details('MUG', 'EUR', g.customer_group) as d (page);
select is(
    jsonb_path_query_array(d.page, '$.variants[0].tiers[*].base_price'),
    '[8.0000, 8.0000, 7.0000, 7.0000]'::jsonb, 'what it saves is part of a tier'
)
from product.get_product_details('MUG', 'EUR', 'trade') as d (page);

-- case: other currencies, and one in which nothing is sold
select is(
    array[d.page ->> 'price_from', d.page ->> 'price_to', d.page #>> '{variants,1,price}'],
    array['7.0000', '7.0000', null], 'pounds'
)
from product.get_product_details('MUG', 'GBP') as d (page);
select is(
    array[d.page -> 'price_from', d.page #> '{variants,0,price}', d.page #> '{variants,0,tiers}'],
    array['null', 'null', '[]']::jsonb[], 'dollars'
)
from product.get_product_details('MUG', 'USD') as d (page);

-- case: the newest ten reviews are shown
insert into account.users (email, full_name, updated_by)
select
    n || '@example.org',
    n,
    'test'
from generate_series(1, 30) as n;
insert into product.product_reviews (
    product_id, user_id, rating, title, status, moderated_at, moderated_by, updated_by
)
select
    p.product_id,
    u.user_id,
    4,
    u.full_name,
    case when u.full_name::integer % 2 = 0 then 'approved' else 'hidden' end,
    now(),
    'test',
    'test'
from product.products as p
cross join account.users as u
where p.code = 'MUG' and u.email like '%@example.org'
order by u.user_id;
select is(
    jsonb_path_query_array(d.page, '$.reviews[*].title'),
    '["30", "28", "26", "24", "22", "20", "18", "16", "14", "12"]', 'the newest first'
)
from product.get_product_details('MUG', 'EUR') as d (page);

-- case: of what has nothing there is a page too
select product.create_product('BARE', '{"name": "Bare"}');
update product.products set status = 'active', published_at = now() where code = 'BARE';
select is(
    d.page - '{public_id,version}'::text[],
    '{
        "code": "BARE", "slug": null, "name": "Bare", "description": "", "brand": null,
        "language": "en", "tags": [], "currency": "EUR", "breadcrumb": [], "options": [],
        "specifications": [], "images": [], "rating": null, "rating_count": 0, "reviews": [],
        "price_from": null, "price_to": null, "available_stock": 0, "is_in_stock": false,
        "variants": [], "is_unchanged": false
    }'::jsonb,
    'the page'
)
from product.get_product_details('BARE', 'EUR') as d (page);

-- case: what is not shown is as unknown as what never was
update product.products set status = s.status
from (values ('POT', 'archived'), ('MUG', 'draft')) as s (code, status)
where s.code = products.code;
select throws_ok(
    format('select product.get_product_details(%L, %L)', c.code, 'EUR'), 'SHP01', null, c.code
)
from unnest(array['POT', 'MUG', 'NONE', '', 'mug']) as c (code);
select throws_ok(
    $$select product.get_product_details(null, 'EUR', p_slug => 'big-mug')$$, 'SHP01', null, 'slug'
);
select throws_ok(
    $$select product.get_product_details(null, 'EUR', p_public_id => gen_random_uuid())$$, 'SHP01'
);

-- case: a malformed call is refused
select throws_ok(c.call, '22023', null, c.call)
from (
    values
    ($$select product.get_product_details(null, 'EUR')$$),
    ($$select product.get_product_details('MUG', 'EUR', p_slug => 'big-mug')$$),
    ($$select product.get_product_details('MUG', 'EUR', p_public_id => gen_random_uuid())$$)
) as c (call);
select throws_ok(
    format('select product.get_product_details(%L, %L)', 'MUG', c.currency), 'SHC04', null,
    coalesce(c.currency, 'null')
)
from (values ('XXX'), ('eur'), (''), (null)) as c (currency);
