-- Edit a person's own data.
create or replace function account.update_user(
    p_user_id bigint,
    p_changes jsonb,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (user_id bigint, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_scope constant text := concat('account.update_user/user:', p_user_id);
    v_response jsonb;
    v_user account.users;
    v_fields jsonb;
    v_constraint text;
begin
    if p_changes is null or jsonb_typeof(p_changes) <> 'object' or p_changes = '{}'
    or p_changes - 'email' - 'full_name' - 'phone' <> '{}'
    or exists (
        select
        from jsonb_each(p_changes) as c
        where jsonb_typeof(c.value) <> 'string'
        and (c.key <> 'phone' or jsonb_typeof(c.value) <> 'null')
    ) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_changes',
            'expected', 'an object with email, full_name or phone: strings; phone may be null'
        ));
    end if;
    if p_changes ? 'email' then
        perform account.check_email(p_changes ->> 'email');
    end if;
    if p_changes ? 'full_name' then
        perform core.check_text('p_full_name', p_changes ->> 'full_name', 200);
    end if;
    perform account.check_phone(p_changes ->> 'phone');

    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'changes', p_changes, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_user := account.lock_user_version(p_user_id, p_expected_version);
        select coalesce(jsonb_agg(c.key order by c.key), '[]') into v_fields
        from jsonb_each_text(p_changes) as c
        where c.value is distinct from to_jsonb(v_user) ->> c.key;

        if v_fields <> '[]' then
            perform account.check_not_taken(
                p_user_id, p_changes ->> 'email', p_changes ->> 'phone'
            );
            begin
                update account.users as u
                set
                    email = coalesce(p_changes ->> 'email', u.email),
                    full_name = coalesce(p_changes ->> 'full_name', u.full_name),
                    phone = case
                        when p_changes ? 'phone' then p_changes ->> 'phone' else u.phone
                    end,
                    version = u.version + 1,
                    updated_at = clock_timestamp(),
                    updated_by = core.actor()
                where u.user_id = p_user_id
                returning u.* into v_user;
            exception
                when unique_violation then
                    get stacked diagnostics v_constraint = constraint_name;
                    if v_constraint = 'users_email_key' then
                        perform core.refuse('SHA01', '{"argument": "email"}');
                    elsif v_constraint = 'users_phone_key' then
                        perform core.refuse('SHA02', '{"argument": "phone"}');
                    end if;
                    raise;
            end;
            perform events.emit(
                'user.updated', 'user', array[p_user_id], array[v_user.version],
                array[jsonb_build_object(
                    'user_id', p_user_id, 'version', v_user.version, 'fields', v_fields
                )]
            );
        end if;
        v_response := jsonb_build_object('user_id', p_user_id, 'version', v_user.version);
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.* from jsonb_to_record(v_response) as r (user_id bigint, version bigint);
end;
$function$;

comment on function account.update_user(bigint, jsonb, bigint, text) is
'Changes email, full_name or phone (null takes it away) of a user, given as an object with those
that change, against the version that the editor saw; returns the new version, the same one where
nothing differs. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE (it is anonymized), EMAIL_TAKEN,
PHONE_TAKEN, CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function account.update_user(bigint, jsonb, bigint, text) to account_service;
