-- Lock a user, then find an address of that user, as an editor who has seen a version.
create or replace function account.lock_address(
    p_user_id bigint, p_address_id bigint, p_expected_version bigint
)
returns account.addresses
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_address account.addresses;
begin
    perform account.lock_user(p_user_id);
    select a.* into v_address
    from account.addresses as a
    where a.user_id = p_user_id and a.address_id = p_address_id
    for no key update;
    if not found then
        perform core.refuse('SHA05', jsonb_build_object(
            'user_id', p_user_id, 'address_id', p_address_id
        ));
    elsif v_address.version is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'user_id', p_user_id, 'address_id', p_address_id,
            'expected_version', p_expected_version, 'version', v_address.version
        ));
    end if;
    return v_address;
end;
$function$;

comment on function account.lock_address(bigint, bigint, bigint) is
'An address of a user, locked, if it still is at that version. Errors: USER_NOT_FOUND,
USER_NOT_ACTIVE, ADDRESS_NOT_FOUND, CONCURRENT_MODIFICATION.';
