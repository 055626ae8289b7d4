-- Forget the token of a payment method. Payments made with it keep the row.
create or replace function payment.remove_payment_method(
    p_user_id bigint,
    p_method uuid,
    p_idempotency_key text default null
)
returns table (method uuid, status text, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('payment.remove_payment_method/user:', p_user_id);
    v_response jsonb;
    v_method payment.payment_methods;
    v_was_default boolean;
    v_next_id bigint;
begin
    v_response := core.claim_key(
        v_scope, p_idempotency_key, jsonb_build_object('method', p_method)
    );
    if v_response is null then
        v_method := payment.lock_method(p_user_id, p_method);
        if v_method.status = 'active' then
            v_was_default := v_method.is_default;
            update payment.payment_methods as m
            set
                status = 'removed',
                token = null,
                is_default = false,
                removed_at = clock_timestamp(),
                version = m.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where m.method_id = v_method.method_id
            returning m.* into v_method;
            perform payment.emit_method('payment_method.removed', v_method);
            if v_was_default then
                select max(m.method_id) into v_next_id
                from payment.payment_methods as m
                where m.user_id = p_user_id and m.status = 'active';
                perform payment.change_default(p_user_id, v_next_id)
                where v_next_id is not null;
            end if;
        end if;
        v_response := jsonb_build_object(
            'method', v_method.public_id, 'status', v_method.status, 'version', v_method.version
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (method uuid, status text, version bigint);
end;
$function$;

comment on function payment.remove_payment_method(bigint, uuid, text) is
'Removes a payment method of a user: its token is forgotten, and where it was the default the newest
that is left becomes that. Removed already, it stays as it is. Errors: USER_NOT_FOUND,
USER_NOT_ACTIVE (it is anonymized), PAYMENT_METHOD_NOT_FOUND, IDEMPOTENCY_KEY_REUSED,
INVALID_ARGUMENT (the key). Replica: no (writes).';
grant execute on function payment.remove_payment_method(bigint, uuid, text) to payment_service;
