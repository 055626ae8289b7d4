-- setup: a category, and a mug with a price
select product.create_category('kitchen', 'Kitchen');
select product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR", "category": "kitchen"}]'
);

-- case: whatever a function forgets, the tables refuse
select throws_ok(b.change, '23514', null, b.title)
from (
    values
    ('update product.categories set parent_id = category_id', 'a category under itself'),
    ($$update product.categories set slug = 'Kitchen'$$, 'a slug in capitals'),
    ($$update product.categories set slug = repeat('s', 101)$$, 'a long slug'),
    ($$update product.categories set name = ''$$, 'a category without a name'),
    ($$update product.categories set name = repeat('n', 201)$$, 'a long name of a category'),
    ($$update product.products set code = ''$$, 'a product without a code'),
    ($$update product.products set code = repeat('c', 65)$$, 'a long code'),
    ($$update product.products set name = ''$$, 'a product without a name'),
    ($$update product.products set name = repeat('n', 501)$$, 'a long name of a product'),
    ($$update product.products set status = 'gone'$$, 'an unknown status'),
    ($$update product.products set description = repeat('d', 100001)$$, 'a long description'),
    ($$update product.variants set sku = ''$$, 'an empty SKU'),
    ($$update product.variants set sku = ' MUG'$$, 'a SKU with a blank in front'),
    ($$update product.variants set sku = E'M\tG'$$, 'a SKU with a tab'),
    ($$update product.variants set sku = repeat('s', 65)$$, 'a SKU of 65 characters'),
    ($$update product.variants set name = ''$$, 'a variant without a name'),
    ($$update product.variants set name = repeat('n', 501)$$, 'a long name of a variant'),
    ('update product.prices set amount = 0', 'a price of zero'),
    ('update product.prices set amount = max_amount + 0.01', 'a price above its limit')
) as b (change, title);

-- case: what others need cannot be deleted
select throws_like(b.change, '%violates%foreign key constraint%', b.title)
from (
    values
    ('delete from product.categories', 'a category with products'),
    ('delete from product.products', 'a product with variants'),
    ($$delete from core.currencies where code = 'EUR'$$, 'a currency with prices')
) as b (change, title);

delete from product.variants;
select throws_like(
    'delete from product.categories', '%violates%foreign key constraint%',
    'a category with a product that has no variant'
);

-- case: what stands above has to be there
select throws_ok(b.change, '23503', null, b.title)
from (
    values
    (
        'update product.categories set parent_id = 0, parent_path = array[0]', 'a category above'
    ),
    ('update product.products set category_id = category_id + 1', 'a product''s category'),
    ('update product.variants set product_id = product_id + 1', 'a variant''s product'),
    ('update product.prices set variant_id = variant_id + 1', 'a price''s variant'),
    ($$update product.prices set currency = 'XXX'$$, 'a price''s currency')
) as b (change, title);

-- case: keys, a code, a slug and a SKU are there once
select throws_ok(b.change, '23505', null, b.title)
from (
    values
    (
        $$
        insert into product.products (public_id, code, name, updated_by)
        select p.public_id, 'POT', 'P', 'test' from product.products as p
        $$,
        'a second public key'
    ),
    (
        $$
        insert into product.variants (variant_id, product_id, sku, name, updated_by)
        overriding system value
        select v.variant_id, v.product_id, 'POT', 'P', 'test' from product.variants as v
        $$,
        'a second variant of the number'
    ),
    (
        $$insert into product.categories (slug, name, updated_by) values ('kitchen', 'K', 'test')$$,
        'a second slug'
    ),
    (
        $$insert into product.products (code, name, updated_by) values ('MUG', 'M', 'test')$$,
        'a second code'
    ),
    (
        $$
        insert into product.variants (product_id, sku, name, updated_by)
        select v.product_id, v.sku, 'M', 'test' from product.variants as v
        $$,
        'a second SKU'
    )
) as b (change, title);

-- case: everything else has to be stated
select results_eq(
    $$select * from nullable_columns('product')$$,
    $$
    values
    ('categories', 'parent_id path'),
    ('price_lists', 'customer_group'),
    ('product_images', 'variant_id'),
    (
        'product_reviews',
        'author_name is_verified line_no moderated_at moderated_by moderation_reason'
        || ' order_id'
    ),
    ('products', 'brand category_id published_at slug'),
    ('specifications', 'unit'),
    ('variants', 'barcode weight_grams')
    $$,
    'columns that may be null'
);
