-- Whether what sending costs has its form: {"method"?, "amount"?, "discount"?, "tax_rate"?}.
create or replace function orders.is_plain_shipping(p_shipping jsonb)
returns boolean
language sql
immutable
security invoker
return coalesce(
    pg_catalog.jsonb_typeof(p_shipping) = 'object'
    and p_shipping - '{method,amount,discount,tax_rate}'::text[] = '{}'
    and coalesce(pg_catalog.jsonb_typeof(p_shipping -> 'method'), 'string') = 'string'
    and pg_catalog.length(coalesce(p_shipping ->> 'method', '-')) between 1 and 200
    and coalesce(pg_catalog.jsonb_typeof(p_shipping -> 'amount'), 'number') = 'number'
    and coalesce((p_shipping -> 'amount')::numeric, 0) between 0 and 999999999
    and coalesce(pg_catalog.jsonb_typeof(p_shipping -> 'discount'), 'number') = 'number'
    and coalesce((p_shipping -> 'discount')::numeric, 0) between 0 and 999999999
    and coalesce(pg_catalog.jsonb_typeof(p_shipping -> 'tax_rate'), 'number') = 'number'
    and coalesce((p_shipping -> 'tax_rate')::numeric, 0) between 0 and 1
    and pg_catalog.scale(coalesce((p_shipping -> 'tax_rate')::numeric, 0)) <= 6, false
);

comment on function orders.is_plain_shipping(jsonb) is
'Whether an object says what sending costs in the form that orders are placed with.';
