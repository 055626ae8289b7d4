-- Take from a user who is being anonymised all that can be paid with, and what it could be told by.
create or replace function payment.forget_user(p_user_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_method payment.payment_methods;
begin
    for v_method in
        select m.*
        from payment.payment_methods as m
        where m.user_id = p_user_id
        and (m.status = 'active' or num_nonnulls(m.brand, m.last4, m.exp_month, m.exp_year) > 0)
        order by m.method_id
        for no key update
    loop
        update payment.payment_methods as m
        set
            status = 'removed',
            token = null,
            brand = null,
            last4 = null,
            exp_month = null,
            exp_year = null,
            is_default = false,
            removed_at = coalesce(m.removed_at, clock_timestamp()),
            version = m.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where m.method_id = v_method.method_id
        returning m.* into v_method;
        perform payment.emit_method('payment_method.removed', v_method);
    end loop;
end;
$function$;

comment on function payment.forget_user(bigint) is
'Removes the payment methods of a user, and what is left of those removed before. Payments keep
their rows.';
