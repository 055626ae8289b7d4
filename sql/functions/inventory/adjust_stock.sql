-- Add or take units, as an editor who saw the row wants it.
create or replace function inventory.adjust_stock(
    p_sku text,
    p_delta integer,
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
    if p_delta is null or p_delta = 0 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_delta', 'expected', 'a number of units, positive or negative'
        ));
    end if;
    return query
    select e.*
    from inventory.edit_on_hand(
        'inventory.adjust_stock', p_sku, null, p_delta, p_expected_version, p_reason, p_location,
        p_idempotency_key
    ) as e;
end;
$function$;

comment on function inventory.adjust_stock(text, integer, bigint, text, text, text) is
'Adds units to a SKU at a location (the best-ranked one if none is named), or takes them away if
negative, against the version that the editor saw; the reason (1 to 500 characters) stays on the
movement. Returns what is there now. Errors: CONCURRENT_MODIFICATION, STOCK_IS_HELD,
STOCK_CEILING_EXCEEDED, PRODUCT_NOT_FOUND, LOCATION_NOT_FOUND, STOCK_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.adjust_stock(text, integer, bigint, text, text, text)
to inventory_service;
