-- The role stays: it belongs to the cluster, and other databases use it.
set local role shop_owner;

alter table orders.orders
drop constraint orders_last_line_fkey,
drop constraint orders_last_history_fkey,
drop constraint orders_last_credit_fkey;
alter table orders.order_items drop constraint order_items_last_adjustment_fkey;
drop table orders.variant_sales;
drop table orders.sales_changes;
drop table orders.return_items;
drop table orders.order_returns;
drop table orders.fulfillment_items;
drop table orders.order_fulfillment;
drop table orders.order_notes;
drop table orders.order_credits;
drop table orders.order_status_history;
drop table orders.order_adjustments;
drop table orders.order_items;
drop table orders.order_contacts;
drop table orders.orders;
drop type orders.draft;
drop type orders.draft_adjustment;
drop type orders.draft_line;
drop schema orders;
