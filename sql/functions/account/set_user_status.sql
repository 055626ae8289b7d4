-- Suspend a user, or let the user in again.
create or replace function account.set_user_status(
    p_user_id bigint,
    p_status text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (user_id bigint, status text, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_scope constant text := concat('account.set_user_status/user:', p_user_id);
    v_response jsonb;
    v_user account.users;
begin
    if p_status is null or p_status not in ('active', 'suspended') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_status', 'expected', 'active or suspended'
        ));
    end if;
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'status', p_status, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_user := account.lock_user_version(p_user_id, p_expected_version);
        if v_user.status <> p_status then
            update account.users as u
            set
                status = p_status,
                version = u.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where u.user_id = p_user_id
            returning u.* into v_user;
            perform events.emit(
                'user.' || case p_status when 'active' then 'reactivated' else p_status end,
                'user', array[p_user_id], array[v_user.version],
                array[jsonb_build_object('user_id', p_user_id, 'version', v_user.version)]
            );
        end if;
        v_response := jsonb_build_object(
            'user_id', p_user_id, 'status', v_user.status, 'version', v_user.version
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (user_id bigint, status text, version bigint);
end;
$function$;

comment on function account.set_user_status(bigint, text, bigint, text) is
'Makes a user active or suspended (may neither reserve nor fill a cart), against the version that
the editor saw; returns the new one, the same where it is so already. Errors: USER_NOT_FOUND,
USER_NOT_ACTIVE (it is anonymized), CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function account.set_user_status(bigint, text, bigint, text) to account_service;
