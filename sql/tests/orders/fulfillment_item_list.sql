-- setup: an order with a story
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select orders.add_order_note(pg_temp.number(), 'Watch this one.');
select orders.add_order_note(pg_temp.number(), 'Thank you!', 'customer');
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.cancel_order(pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', 'too many');
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X1');
select orders.deliver_fulfillment(pg_temp.number());
select orders.request_return(pg_temp.number(), '[{"sku": "POT"}]', 'broken', 'session:s');
select orders.decide_return(pg_temp.number(), 1, 'approved', 'of course');
select orders.receive_return(pg_temp.number(), 1);

-- case: one row for each
select bag_eq(
    $$
    select v.fulfillment_no, v.line_no, v.sku, v.quantity
    from orders.fulfillment_item_list as v
    $$,
    $$
    values (1, 1, 'RED', 3), (1, 2, 'POT', 2)
    $$
);
