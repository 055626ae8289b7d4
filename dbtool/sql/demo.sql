-- A catalogue: any number of products in one call.
select outcome, count(*) from product.import_products('[
    {"sku": "MUG-BLUE", "name": "Blue mug", "price": "7.50", "currency": "EUR"},
    {"sku": "MUG-RED", "name": "Red mug", "price": "7.50", "currency": "EUR"},
    {"sku": "TEAPOT", "name": "Teapot", "price": "24.00", "currency": "EUR"}
]', 'demo') group by outcome;

-- A delivery: all of its lines, or none.
select sum(received) as units from inventory.receive_stock('[{"sku": "MUG-BLUE", "quantity": 40},
    {"sku": "MUG-RED", "quantity": 12}, {"sku": "TEAPOT", "quantity": 6}]', null, 'DN-1', 'demo');

-- A customer reserves: all or nothing. The key makes a repeated call harmless.
select sku, quantity, location from inventory.reserve_inventory('[{"sku": "MUG-RED", "quantity": 8},
    {"sku": "TEAPOT", "quantity": 1}]', 'session:ann', p_idempotency_key => 'demo');

-- Another one wants more than is left.
select * from inventory.reserve_inventory('[{"sku": "MUG-RED", "quantity": 5}]', 'session:bob');

-- The stock.
select sku, current_stock, reserved_quantity, available_stock, is_low_stock
from inventory.stock_levels where sku in ('MUG-BLUE', 'MUG-RED', 'TEAPOT') order by sku;

-- The health of the database; more with: dbtool health
select level, count(*) as findings from ops.check_database_health() group by level order by level;
