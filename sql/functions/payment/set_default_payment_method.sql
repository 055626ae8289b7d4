-- Propose another of a user's payment methods first.
create or replace function payment.set_default_payment_method(
    p_user_id bigint,
    p_method uuid,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (method uuid, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('payment.set_default_payment_method/user:', p_user_id);
    v_response jsonb;
    v_method payment.payment_methods;
begin
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'method', p_method, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_method := payment.lock_method(p_user_id, p_method);
        if v_method.status <> 'active' then
            perform core.refuse('SHM03', jsonb_build_object('method', p_method));
        elsif v_method.version is distinct from p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'method', p_method, 'expected_version', p_expected_version,
                'version', v_method.version
            ));
        end if;
        perform payment.change_default(p_user_id, v_method.method_id);
        select jsonb_build_object('method', m.public_id, 'version', m.version)
        into strict v_response
        from payment.payment_methods as m
        where m.method_id = v_method.method_id;
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (method uuid, version bigint);
end;
$function$;

comment on function payment.set_default_payment_method(bigint, uuid, bigint, text) is
'Makes one of a user''s payment methods the default, against the version that was read; the one
before no longer is. Errors: USER_NOT_FOUND, USER_NOT_ACTIVE (it is anonymized),
PAYMENT_METHOD_NOT_FOUND, CONCURRENT_MODIFICATION, IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT (the
key). Replica: no (writes).';
grant execute on function payment.set_default_payment_method(bigint, uuid, bigint, text)
to payment_service;
