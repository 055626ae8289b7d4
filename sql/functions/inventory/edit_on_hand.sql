-- What set_stock and adjust_stock share: an editor's change against the version that the editor
-- saw.
create or replace function inventory.edit_on_hand(
    p_scope text,
    p_sku text,
    p_target bigint,
    p_delta bigint,
    p_expected_version bigint,
    p_reason text,
    p_location text,
    p_idempotency_key text
)
returns table (sku text, location text, on_hand integer, version bigint)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_response jsonb;
    v_variant_id bigint;
    v_location_id bigint;
    v_change record;
begin
    if p_expected_version is null or p_expected_version < 0 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_expected_version', 'expected', 'the version that was read, 0 for none'
        ));
    end if;
    perform core.check_text('p_reason', p_reason, 500);
    v_response := core.claim_key(p_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'target', p_target, 'delta', p_delta,
        'expected_version', p_expected_version, 'reason', p_reason, 'location', p_location
    ));
    if v_response is null then
        v_variant_id := inventory.find_variant(p_sku);
        v_location_id := inventory.find_location(p_location);
        v_change := inventory.change_on_hand(
            v_variant_id, v_location_id, 'adjustment', p_target, p_delta, p_expected_version,
            p_reason, null
        );
        if v_change.refusal is not null then
            perform core.refuse(
                v_change.refusal, jsonb_build_object('sku', p_sku) || v_change.detail
            );
        end if;
        perform inventory.emit_stock_updated(
            'adjust', array[v_variant_id], array[v_change.delta + v_change.reclaimed],
            array[-v_change.reclaimed], array[v_change.delta]
        )
        where v_change.delta <> 0;
        select jsonb_build_object(
            'sku', p_sku, 'location', l.code,
            'on_hand', (v_change.stock).on_hand, 'version', (v_change.stock).version
        )
        into v_response
        from inventory.locations as l
        where l.location_id = v_location_id;
        perform core.store_response(p_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        sku text, location text, on_hand integer, version bigint
    );
end;
$function$;

comment on function inventory.edit_on_hand(
    text, text, bigint, bigint, bigint, text, text, text
) is 'Sets or changes what is on hand of a SKU at a location, against a version.';
