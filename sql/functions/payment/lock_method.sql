-- Lock a user's payment method for an edit: the user first, so that one default stays one.
create or replace function payment.lock_method(p_user_id bigint, p_method uuid)
returns payment.payment_methods
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_method payment.payment_methods;
begin
    perform account.lock_user(p_user_id);
    select m.* into v_method
    from payment.payment_methods as m
    where m.public_id = p_method and m.user_id = p_user_id
    for no key update;
    if not found then
        perform core.refuse('SHM03', jsonb_build_object('method', p_method));
    end if;
    return v_method;
end;
$function$;

comment on function payment.lock_method(bigint, uuid) is
'The method, locked with its user until the end of the transaction. Errors:
PAYMENT_METHOD_NOT_FOUND, USER_NOT_FOUND, USER_NOT_ACTIVE (it is anonymized).';
