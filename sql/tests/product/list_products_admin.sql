-- setup: products in every state, in a tree of categories
select core.set_context('staff:anna', 'req-1');
select product.create_category('home', 'Home');
select product.create_category('kitchen', 'Kitchen', 'home');
select product.create_category('empty', 'Empty');
select product.import_products('[
    {"sku": "MUG-S", "product": "MUG", "product_name": "Mug", "name": "S", "price": 8,
     "currency": "EUR", "category": "kitchen"},
    {"sku": "MUG-L", "product": "MUG", "name": "L", "price": 10, "currency": "EUR"},
    {"sku": "MUG-X", "product": "MUG", "name": "X", "price": 99, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "GBP", "category": "home"},
    {"sku": "PAN", "name": "Pan", "price": 9, "currency": "EUR"}
]');
update product.variants set is_active = false where sku = 'MUG-X';
select inventory.receive_stock('[
    {"sku": "MUG-S", "quantity": 20}, {"sku": "MUG-L", "quantity": 30},
    {"sku": "MUG-X", "quantity": 7}
]');
select inventory.reserve_inventory('[{"sku": "MUG-S", "quantity": 4}]', 'session:a');
select product.moderate_review(r.review, 'approved', 1)
from account.register_user('fan@example.com', 'Fan') as u
cross join lateral product.submit_review(u.user_id, 'MUG', 4) as r;
select product.create_product(
    'NEW', '{"name": "Draft", "brand": "B", "images": [{"url": "/n.jpg"}]}'
);
select product.save_draft('POT', '{"name": "Big teapot"}', 1);
update product.products set status = 'archived' where code = 'PAN';

-- case: editors see what each product is and how it does
select results_eq(
    $$
    select
        l.code, l.name, l.status, l.brand, l.category_slug, l.image, l.variants, l.active_variants,
        l.price_from, l.price_to, l.current_stock, l.reserved_quantity, l.available_stock,
        l.is_in_stock, l.is_low_stock, l.rating, l.rating_count, l.has_draft, l.updated_by
    from product.list_products_admin('EUR') as l
    $$,
    $$
    values
    (
        'MUG', 'Mug', 'active', null, 'kitchen', null, 3, 2, 8::numeric, 10::numeric, 57::bigint,
        4::bigint, 46::bigint, true, false, 4.00::numeric, 1::bigint, false, 'staff:anna'
    ),
    (
        'NEW', 'Draft', 'draft', 'B', null, '/n.jpg', 0, 0, null, null, 0, 0, 0, false, false,
        null, 0, false, 'staff:anna'
    ),
    (
        'PAN', 'Pan', 'archived', null, null, null, 1, 1, 9, 9, 0, 0, 0, false, false, null, 0,
        false, 'staff:anna'
    ),
    (
        'POT', 'Teapot', 'active', null, 'home', null, 1, 1, null, null, 0, 0, 0, false, false,
        null, 0, true, 'staff:anna'
    )
    $$
);
select results_eq(
    $$
    select l.code, l.product_id, l.public_id, l.version, l.created_at, l.updated_at, l.currency
    from product.list_products_admin('GBP') as l
    $$,
    $$
    select p.code, p.product_id, p.public_id, p.version, p.created_at, p.updated_at, 'GBP'
    from product.products as p
    order by p.code
    $$,
    'what editing wants'
);

-- case: by status and by category with all below it
select is(
    array(select l.code from product.list_products_admin('EUR', f.status, f.category) as l),
    f.codes,
    concat_ws(' ', f.status, f.category)
)
from (
    values
    ('active', null, '{MUG,POT}'::text[]), ('draft', null, '{NEW}'), ('archived', null, '{PAN}'),
    (null, 'home', '{MUG,POT}'), (null, 'kitchen', '{MUG}'), ('active', 'home', '{MUG,POT}'),
    ('draft', 'home', '{}'), (null, 'empty', '{}')
) as f (status, category, codes);

-- case: pages go on where the one before ended, without gaps and without doubles
update product.products set updated_at = '2026-01-01 12:00:00.123456+00' where code <> 'MUG';
create function pg_temp.walk(p_sort text, p_status text, p_limit integer)
returns text[] language plpgsql volatile as
$$
declare
    v_codes text[] := '{}';
    v_page text[];
    v_cursor text;
begin
    loop
        select
            array_agg(l.code order by l.ordinality),
            (array_agg(l.cursor order by l.ordinality desc))[1]
        into v_page, v_cursor
        from product.list_products_admin(
            'EUR', p_status, null, p_sort, p_limit, v_cursor
        ) with ordinality as l;
        exit when v_page is null;
        v_codes := v_codes || v_page;
    end loop;
    return v_codes;
end;
$$;
select is(pg_temp.walk(w.sort, w.status, n), w.codes, concat_ws(' ', w.sort, w.status, n))
from (
    values
    ('code', null, '{MUG,NEW,PAN,POT}'::text[]), ('code', 'active', '{MUG,POT}'),
    ('updated_at', 'active', '{MUG,POT}')
) as w (sort, status, codes)
cross join generate_series(1, 5) as n;
select is(
    pg_temp.walk('updated_at', null, n), (
        select array_agg(p.code order by p.updated_at desc, p.product_id desc)
        from product.products as p
    ), 'what was edited last first, ' || n || ' a page'
)
from generate_series(1, 5) as n;

-- case: what is edited between two pages is not seen twice
create temporary table page as
select
    l.code,
    l.cursor
from product.list_products_admin('EUR', p_sort => 'updated_at', p_limit => 2) as l;
update product.products set updated_at = now() + interval '1 hour'
where code in (select p.code from page as p);
select is(
    (
        select array_agg(l.code order by l.ordinality)
        from product.list_products_admin('EUR', p_sort => 'updated_at', p_cursor => (
            select p.cursor
            from page as p
            order by split_part(p.cursor, ':', 2)::bigint, split_part(p.cursor, ':', 3)::bigint
            limit 1
        )) with ordinality as l
    ),
    (
        select array_agg(p.code order by p.updated_at desc, p.product_id desc)
        from product.products as p
        where p.code not in (select g.code from page as g)
    ),
    'the rest'
);

-- case: a code may look like anything
select product.create_product('code:ä "1" % _', '{"name": "Odd"}');
select is_empty(
    $$
    select l.code
    from product.list_products_admin('EUR', p_cursor => 'code:code:ä "1" % _') as l
    where l.code <= 'code:ä "1" % _'
    $$,
    'after it'
);

-- case: editors alone may call it
select ok(
    has_function_privilege(r.role, p.oid, 'execute') = (r.role = 'product_editor'), r.role
)
from pg_proc as p
cross join unnest(array['product_editor', 'product_service', 'inventory_editor']) as r (role)
where p.oid = 'product.list_products_admin'::regproc;

-- case: a malformed call is refused
select throws_ok(c.call, '22023', null, c.call)
from (
    values
    ($$select product.list_products_admin('EUR', 'gone')$$),
    ($$select product.list_products_admin('EUR', p_sort => 'name')$$),
    ($$select product.list_products_admin('EUR', p_sort => null)$$),
    ($$select product.list_products_admin('EUR', p_limit => 0)$$),
    ($$select product.list_products_admin('EUR', p_limit => 101)$$),
    ($$select product.list_products_admin('EUR', p_limit => null)$$)
) as c (call);
select throws_ok($$select product.list_products_admin('XXX')$$, 'SHC04');
select throws_ok($$select product.list_products_admin('EUR', null, 'none')$$, 'SHP03');
select throws_ok(
    format(
        'select product.list_products_admin(%L, null, null, %L, 5, %L)', 'EUR', c.sort, c.cursor
    ),
    'SHP50', null, c.sort || ' ' || c.cursor
)
from (
    values
    ('code', ''), ('code', 'MUG'), ('code', 'updated_at:1:1'), ('updated_at', 'code:MUG'),
    ('updated_at', 'updated_at:1'), ('updated_at', 'updated_at:x:1'),
    ('updated_at', 'updated_at:-1:1'), ('updated_at', 'updated_at:1:1;'),
    ('updated_at', 'updated_at:123456789012345678:1')
) as c (sort, cursor);

-- case: what was sold, of all variants, and what it brought in the currency that is asked for
select product.set_price('MUG-S', 'GBP', 7, 0);
create temporary table sold as
select o.order_number
from (
    values
    ('EUR', '[{"sku": "MUG-S", "quantity": 2}, {"sku": "MUG-L", "quantity": 3}]'::jsonb),
    ('GBP', '[{"sku": "MUG-S", "quantity": 4}]')
) as i (currency, items)
cross join lateral orders.place_order('session:b', i.currency, i.items) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b
cross join lateral payment.process_payment_authorization(
    b.transaction, 'approved', 'au_' || o.order_number
);
select is(l.units_sold, 0::bigint, 'not counted yet')
from product.list_products_admin('EUR') as l
where l.code = 'MUG';
select orders.roll_up_sales();
select results_eq(
    $$
    select l.code, l.units_sold, l.revenue
    from product.list_products_admin('EUR') as l
    where l.code in ('MUG', 'POT')
    $$,
    $$values ('MUG', 9::bigint, 46::numeric), ('POT', 0, 0)$$
);
select is(l.revenue, 28::numeric)
from product.list_products_admin('GBP') as l
where l.code = 'MUG';
