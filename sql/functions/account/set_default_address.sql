-- Make an address the one that is proposed first among its kind.
create or replace function account.set_default_address(
    p_user_id bigint,
    p_address_id bigint,
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
    v_scope constant text := concat('account.set_default_address/user:', p_user_id);
    v_response jsonb;
    v_address account.addresses;
begin
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'address_id', p_address_id,
        'expected_version', p_expected_version
    ));
    if v_response is null then
        v_address := account.lock_address(p_user_id, p_address_id, p_expected_version);
        perform account.change_default(p_user_id, v_address.kind, p_address_id);
        select a.* into v_address
        from account.addresses as a
        where a.user_id = p_user_id and a.address_id = p_address_id;
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

comment on function account.set_default_address(bigint, bigint, bigint, text) is
'Makes an address the default of its kind, against the version that the editor saw; the one before
no longer is. Returns it with its new version, the same where it was the default already. Errors:
ADDRESS_NOT_FOUND, USER_NOT_FOUND, USER_NOT_ACTIVE (it is anonymized), CONCURRENT_MODIFICATION,
IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function account.set_default_address(bigint, bigint, bigint, text)
to account_service;
