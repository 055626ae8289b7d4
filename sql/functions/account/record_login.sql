-- Count an attempt to log in, and lock the account after too many wrong ones.
create or replace function account.record_login(
    p_user_id bigint,
    p_is_successful boolean,
    p_idempotency_key text default null
)
returns table (failures integer, is_locked boolean, locked_until timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('account.record_login/user:', p_user_id);
    v_response jsonb;
    v_credential account.credentials;
    v_is_locked boolean;
    v_lasts interval;
begin
    if p_is_successful is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_is_successful', 'expected', 'true or false'
        ));
    end if;
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'is_successful', p_is_successful
    ));
    if v_response is null then
        -- Not the user's row: many attempts at once must not get in the way of a purchase.
        select c.* into v_credential
        from account.credentials as c
        where c.user_id = p_user_id and c.kind = 'password'
        for no key update;
        if not found then
            perform core.refuse('SHA07', jsonb_build_object('user_id', p_user_id));
        end if;
        v_is_locked := coalesce(v_credential.locked_until > clock_timestamp(), false);
        if not v_is_locked then
            v_is_locked := not p_is_successful
                and v_credential.failures + 1 >= core.rule('login_failures_max');
            v_lasts := make_interval(mins => core.rule('login_lock_minutes')::integer);
            update account.credentials as c
            set
                failures = case
                    when p_is_successful or v_is_locked then 0 else c.failures + 1
                end,
                locked_until = case
                    when v_is_locked then coalesce(clock_timestamp() + v_lasts, 'infinity')
                end,
                last_used_at = case
                    when p_is_successful then clock_timestamp() else c.last_used_at
                end,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where c.user_id = p_user_id and c.kind = 'password'
            returning c.* into v_credential;
            if v_is_locked then
                perform events.emit(
                    'user.locked', 'user', array[p_user_id], null, array[jsonb_build_object(
                        'user_id', p_user_id, 'locked_until', v_credential.locked_until
                    )]
                );
            end if;
        end if;
        v_response := jsonb_build_object(
            'failures', v_credential.failures, 'is_locked', coalesce(v_is_locked, false),
            'locked_until', v_credential.locked_until
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        failures integer, is_locked boolean, locked_until timestamptz
    );
end;
$function$;

comment on function account.record_login(bigint, boolean, text) is
'Counts an attempt to log in with a password. The rule login_failures_max of wrong ones in a row
lock the account for login_lock_minutes, a right one starts anew; while it is locked nothing counts,
and a right one is not accepted either: look at is_locked. Errors: CREDENTIAL_NOT_FOUND,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function account.record_login(bigint, boolean, text) to account_service;
