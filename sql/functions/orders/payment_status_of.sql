-- What the payments of an order come to, in one word.
create or replace function orders.payment_status_of(
    p_due numeric,
    p_authorized numeric,
    p_captured numeric,
    p_refunded numeric,
    p_charged_back numeric
)
returns text
language sql
immutable
security invoker
return case
    when p_charged_back > 0 then 'disputed'
    when p_refunded > 0 and p_refunded >= p_captured then 'refunded'
    when p_refunded > 0 then 'partially_refunded'
    when p_captured > 0 and p_captured >= p_due then 'paid'
    when p_captured > 0 then 'partially_paid'
    when p_authorized > 0 and p_authorized >= p_due then 'authorized'
    when p_authorized > 0 then 'partially_authorized'
    else 'unpaid'
end;

comment on function orders.payment_status_of(numeric, numeric, numeric, numeric, numeric) is
'The payment status of an order, from what is due and the amounts of all its payments.';
