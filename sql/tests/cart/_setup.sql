-- What the files of this folder begin with: each calls what it needs.
-- The functions may name tables that a file makes later.
set local check_function_bodies = off;

-- Ten red and ten blue mugs, three teapots.
create function pg_temp.sell_three_things()
returns void
language sql as $$
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "BLUE", "name": "Blue mug", "price": 8.25, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "RED", "quantity": 10}, {"sku": "BLUE", "quantity": 10}, {"sku": "POT", "quantity": 3}
]');
$$;
-- The owner of what the user in pg_temp.ann has.
create function pg_temp.ann()
returns text
language sql
as $$select 'user:' || a.user_id from pg_temp.ann as a$$;
create function pg_temp.variant(p_sku text)
returns bigint
language sql
as 'select v.variant_id from product.variants as v where v.sku = p_sku';

set local check_function_bodies = on;
