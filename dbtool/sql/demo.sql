-- A catalogue: any number of products in one call.
select outcome, count(*) from product.import_products('[
    {"sku": "MUG-BLUE", "name": "Blue mug", "price": "7.50", "currency": "EUR"},
    {"sku": "MUG-RED", "name": "Red mug", "price": "7.50", "currency": "EUR"},
    {"sku": "TEAPOT", "name": "Teapot", "price": "24.00", "currency": "EUR"}
]', 'demo') group by outcome;

-- A delivery: all of its lines, or none.
select sum(received) as units from inventory.receive_stock('[{"sku": "MUG-BLUE", "quantity": 40},
    {"sku": "MUG-RED", "quantity": 12}, {"sku": "TEAPOT", "quantity": 6}]', null, 'DN-1', 'demo');

-- A customer searches, with a mistake; stock and price are those of this moment.
select h ->> 'name' as name, h ->> 'price' as price, h ->> 'available_stock' as available
from product.search_products('teapto', 'EUR') as s, jsonb_array_elements(s -> 'hits') as h;

-- The page of a product, in one call; version is its ETag.
select p ->> 'name' as name, p ->> 'price_from' as price, jsonb_array_length(p -> 'variants')
    as variants, p ->> 'available_stock' as available, length(p ->> 'version') as version_length
from product.get_product_details('TEAPOT', 'EUR') as p;

-- A cart.
select sku, quantity, price from cart.add_item_to_cart('session:ann', 'TEAPOT', 2, 'EUR', 'demo');

-- All that its page shows, in one call.
select c #>> '{lines,0,product,name}' as product, c #>> '{lines,0,quantity}' as quantity,
    c #>> '{lines,0,price}' as price_now, c #>> '{totals,subtotal}' as subtotal
from cart.get_cart('session:ann') as c;

-- The order. Its stock is kept back until it expires; the key makes a repeated call harmless.
select order_number, status, total
from orders.place_cart_order('session:ann', p_idempotency_key => 'demo');

-- The payment: claim an attempt, commit, and ask the provider (here, one with a script).
select transaction, amount, currency, attempts_left
from payment.begin_payment(:'order_number', 'demo', p_idempotency_key => 'demo-1');

-- What it said is recorded. The order goes on waiting, and its stock is still there.
select error, reason, can_retry, order_status from payment.process_payment_authorization(
    :'transaction', :'outcome', :'provider_ref', p_error_code => :'error_code');

-- Another try.
select transaction, amount, currency, attempts_left
from payment.begin_payment(:'order_number', 'demo', p_idempotency_key => 'demo-2');
select payment, status, order_status
from payment.process_payment_authorization(:'transaction', :'outcome', :'provider_ref');

-- The parcel goes out.
select status, fulfillment_status
from orders.ship_order(:'order_number', null, 'Carrier', 'T-1', p_idempotency_key => 'demo');

-- The money is captured.
select transaction, amount, currency
from payment.begin_capture(:'payment', p_idempotency_key => 'demo');
select captured, payment_status
from payment.record_capture(:'transaction', :'outcome', :'provider_ref');

-- Another customer reserves: all or nothing.
select sku, quantity, location from inventory.reserve_inventory('[{"sku": "MUG-RED", "quantity": 8},
    {"sku": "TEAPOT", "quantity": 1}]', 'session:cid', p_idempotency_key => 'demo');

-- Another one wants more than is left.
select * from inventory.reserve_inventory('[{"sku": "MUG-RED", "quantity": 5}]', 'session:bob');

-- The stock.
select sku, current_stock, reserved_quantity, available_stock, is_low_stock
from inventory.stock_levels where sku in ('MUG-BLUE', 'MUG-RED', 'TEAPOT') order by sku;

-- The health of the database; more with: dbtool health
select level, count(*) as findings from ops.check_database_health() group by level order by level;
