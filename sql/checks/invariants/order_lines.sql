-- A line costs its price times its quantity, rounded once, and its discounts are a part of that.
-- Checks make anything else impossible; a restore that left them out would show here.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'quantity', i.quantity, 'unit_price', i.unit_price, 'exponent', i.exponent,
        'line_subtotal', i.line_subtotal, 'line_discount', i.line_discount,
        'line_tax', i.line_tax
    ) as detail
from orders.order_items as i
where i.quantity <= 0
or i.line_subtotal <> round(i.unit_price * i.quantity, i.exponent)
or i.line_discount not between 0 and i.line_subtotal
or i.line_tax < 0
