-- Keep the hash of a password. The application hashes: the password itself never comes here.
create or replace function account.set_password(
    p_user_id bigint,
    p_password_hash text,
    p_idempotency_key text default null
)
returns table (user_id bigint, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('account.set_password/user:', p_user_id);
    v_response jsonb;
    v_version bigint;
begin
    if p_password_hash is null or length(p_password_hash) not between 40 and 1000
    or p_password_hash !~ '^[$][a-z0-9-]+[$][!-~]+$' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_password_hash',
            'expected', 'a hash in the form $algorithm$parameters$salt$hash, 40 to 1000 characters'
        ));
    end if;
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'user_id', p_user_id, 'password_hash', p_password_hash
    ));
    if v_response is null then
        perform account.lock_user(p_user_id);
        insert into account.credentials as c (user_id, kind, secret_hash, updated_by)
        values (p_user_id, 'password', p_password_hash, core.actor())
        on conflict on constraint credentials_pkey do update
            set
                secret_hash = excluded.secret_hash,
                failures = 0,
                locked_until = null,
                version = c.version + 1,
                updated_at = clock_timestamp(),
                updated_by = excluded.updated_by
        returning c.version into v_version;
        perform events.emit(
            'user.password_set', 'user', array[p_user_id], array[v_version],
            array[jsonb_build_object('user_id', p_user_id, 'version', v_version)]
        );
        v_response := jsonb_build_object('user_id', p_user_id, 'version', v_version);
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.* from jsonb_to_record(v_response) as r (user_id bigint, version bigint);
end;
$function$;

comment on function account.set_password(bigint, text, text) is
'Stores the hash of a user''s password, made by the application ($argon2id$v=19$...), and unlocks
the account; returns how often one was set. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE (it is
anonymized), INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function account.set_password(bigint, text, text) to account_service;
