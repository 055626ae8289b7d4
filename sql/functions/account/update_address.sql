-- Replace what is written in an address.
create or replace function account.update_address(
    p_user_id bigint,
    p_address_id bigint,
    p_address jsonb,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (address_id bigint, is_default boolean, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('account.update_address/user:', p_user_id);
    v_response jsonb;
    v_address account.addresses;
begin
    perform account.check_address(p_address);
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'address_id', p_address_id, 'address', p_address,
        'expected_version', p_expected_version
    ));
    if v_response is null then
        v_address := account.lock_address(p_user_id, p_address_id, p_expected_version);
        update account.addresses as a
        set
            recipient = p_address ->> 'recipient',
            company = p_address ->> 'company',
            line1 = p_address ->> 'line1',
            line2 = p_address ->> 'line2',
            postal_code = p_address ->> 'postal_code',
            city = p_address ->> 'city',
            region = p_address ->> 'region',
            country = p_address ->> 'country',
            phone = p_address ->> 'phone',
            version = a.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where a.user_id = p_user_id and a.address_id = p_address_id
        returning a.* into v_address;
        perform account.emit_addresses('address.updated', array[v_address]);
        v_response := jsonb_build_object(
            'address_id', p_address_id, 'is_default', v_address.is_default,
            'version', v_address.version
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (address_id bigint, is_default boolean, version bigint);
end;
$function$;

comment on function account.update_address(bigint, bigint, jsonb, bigint, text) is
'Replaces an address, given as account.add_address takes it (what is left out is gone), against the
version that the editor saw; returns the new one. Errors: ADDRESS_NOT_FOUND, USER_NOT_FOUND,
USER_NOT_ACTIVE (it is anonymized), CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function account.update_address(bigint, bigint, jsonb, bigint, text)
to account_service;
