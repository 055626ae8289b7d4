-- Register a person. The unique indexes decide who was first; the function only finds better words.
create or replace function account.register_user(
    p_email text,
    p_full_name text,
    p_phone text default null,
    p_idempotency_key text default null
)
returns table (user_id bigint, public_id uuid)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'account.register_user';
    v_request constant jsonb := jsonb_build_object(
        'email', p_email, 'full_name', p_full_name, 'phone', p_phone
    );
    v_response jsonb;
    v_user account.users;
    v_constraint text;
begin
    perform account.check_email(p_email);
    perform core.check_text('p_full_name', p_full_name, 200);
    perform account.check_phone(p_phone);

    v_response := core.claim_key(c_scope, p_idempotency_key, v_request);
    if v_response is null then
        perform account.check_not_taken(null, p_email, p_phone, 'p_');
        begin
            insert into account.users (email, full_name, phone, updated_by)
            values (p_email, p_full_name, p_phone, core.actor())
            returning * into v_user;
        exception
            when unique_violation then
                get stacked diagnostics v_constraint = constraint_name;
                if v_constraint = 'users_email_key' then
                    perform core.refuse('SHA01', '{"argument": "p_email"}');
                elsif v_constraint = 'users_phone_key' then
                    perform core.refuse('SHA02', '{"argument": "p_phone"}');
                end if;
                raise;
        end;
        perform events.emit(
            'user.registered', 'user', array[v_user.user_id], array[v_user.version],
            array[jsonb_build_object('user_id', v_user.user_id, 'public_id', v_user.public_id)]
        );
        v_response := jsonb_build_object(
            'user_id', v_user.user_id, 'public_id', v_user.public_id
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.user_id, r.public_id
    from jsonb_to_record(v_response) as r (user_id bigint, public_id uuid);
end;
$function$;

comment on function account.register_user(text, text, text, text) is
'Registers a user by e-mail address (unique regardless of case), name and, if given, phone number in
E.164; returns both keys. Errors: EMAIL_TAKEN, PHONE_TAKEN, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function account.register_user(text, text, text, text) to account_service;
