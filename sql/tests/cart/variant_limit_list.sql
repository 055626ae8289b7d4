-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
create function pg_temp.ann()
returns text
language sql
as $$select 'user:' || a.user_id from pg_temp.ann as a$$;
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "BLUE", "name": "Blue mug", "price": 8.25, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "RED", "quantity": 10}, {"sku": "BLUE", "quantity": 10}, {"sku": "POT", "quantity": 3}
]');
create function pg_temp.variant(p_sku text)
returns bigint
language sql
as 'select v.variant_id from product.variants as v where v.sku = p_sku';
delete from events.outbox_events;

-- case: variants with a limit of their own
select cart.set_variant_limit('RED', 3, 0);
select results_eq(
    $$
    select l.variant_id, l.sku, l.max_units, l.version, l.updated_by
    from cart.variant_limit_list as l
    $$,
    $$select pg_temp.variant('RED'), 'RED', 3, 1::bigint, 'web'$$
);
