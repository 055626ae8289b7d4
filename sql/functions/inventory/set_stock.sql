-- Set what is on hand, as an editor who saw the row wants it.
create or replace function inventory.set_stock(
    p_sku text,
    p_on_hand integer,
    p_expected_version bigint,
    p_reason text,
    p_location text default null,
    p_idempotency_key text default null
)
returns table (sku text, location text, on_hand integer, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_on_hand is null or p_on_hand < 0 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_on_hand', 'expected', 'a number of units from 0'
        ));
    end if;
    return query
    select e.*
    from inventory.edit_on_hand(
        'inventory.set_stock', p_sku, p_on_hand, null, p_expected_version, p_reason, p_location,
        p_idempotency_key
    ) as e;
end;
$function$;

comment on function inventory.set_stock(text, integer, bigint, text, text, text) is
'Sets the units on hand of a SKU at a location (the best-ranked one if none is named) against the
version that the editor saw, 0 where there was no stock row; the reason (1 to 500 characters)
stays on the movement. Returns what is there now. Errors: CONCURRENT_MODIFICATION, STOCK_IS_HELD,
STOCK_CEILING_EXCEEDED, PRODUCT_NOT_FOUND, LOCATION_NOT_FOUND, STOCK_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.set_stock(text, integer, bigint, text, text, text)
to inventory_service;
