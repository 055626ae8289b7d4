-- Put a user into the group whose prices the user gets.
create or replace function account.set_customer_group(
    p_user_id bigint,
    p_customer_group text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (user_id bigint, customer_group text, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_scope constant text := concat('account.set_customer_group/user:', p_user_id);
    v_response jsonb;
    v_user account.users;
begin
    if p_customer_group !~ '^[a-z0-9]+([_-][a-z0-9]+)*$' or length(p_customer_group) > 64 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_customer_group',
            'expected', 'at most 64 lower-case letters, digits, hyphens and underscores, or null'
        ));
    end if;
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'customer_group', p_customer_group,
        'expected_version', p_expected_version
    ));
    if v_response is null then
        v_user := account.lock_user_version(p_user_id, p_expected_version);
        if v_user.customer_group is distinct from p_customer_group then
            update account.users as u
            set
                customer_group = p_customer_group,
                version = u.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where u.user_id = p_user_id
            returning u.* into v_user;
            perform events.emit(
                'user.updated', 'user', array[p_user_id], array[v_user.version],
                array[jsonb_build_object(
                    'user_id', p_user_id, 'version', v_user.version,
                    'fields', jsonb_build_array('customer_group')
                )]
            );
        end if;
        v_response := jsonb_build_object(
            'user_id', p_user_id, 'customer_group', v_user.customer_group,
            'version', v_user.version
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (user_id bigint, customer_group text, version bigint);
end;
$function$;

comment on function account.set_customer_group(bigint, text, bigint, text) is
'Puts a user into a customer group by its code, or into none (null), against the version that the
editor saw; returns the new version, the same where it is so already. Price lists of the group then
hold for the user. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE (it is anonymized),
CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function account.set_customer_group(bigint, text, bigint, text)
to account_service;
