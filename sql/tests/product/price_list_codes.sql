-- case: the base list is there from the start, and applies
select results_eq(
    $$
    select l.code, l.kind, l.customer_group, l.priority, l.valid_from, l.valid_until, l.is_in_force
    from product.price_list_codes as l
    $$,
    $$values ('base', 'base', null, 0, null::timestamptz, null::timestamptz, true)$$
);

-- case: it is for editors
select ok(
    has_table_privilege('product_editor', 'product.price_list_codes', 'select')
    and not has_table_privilege('product_service', 'product.price_list_codes', 'select')
);
