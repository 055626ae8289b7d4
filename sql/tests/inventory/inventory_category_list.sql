-- case: every database begins with A, B and C
select results_eq(
    $$
    select c.code, c.abc_class, c.count_every_days, c.version
    from inventory.inventory_category_list as c order by c.code
    $$,
    $$values ('A', 'A', 30, 1::bigint), ('B', 'B', 90, 1), ('C', 'C', 365, 1)$$
);
