-- Make another payment method of a locked user the default, or none.
create or replace function payment.change_default(p_user_id bigint, p_method_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_method payment.payment_methods;
begin
    -- The one before first: at no moment are there two.
    for v_method in
        update payment.payment_methods as m
        set
            is_default = false,
            version = m.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where m.user_id = p_user_id and m.is_default
        and m.method_id is distinct from p_method_id
        returning m.*
    loop
        perform payment.emit_method('payment_method.updated', v_method);
    end loop;
    for v_method in
        update payment.payment_methods as m
        set
            is_default = true,
            version = m.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where m.method_id = p_method_id and not m.is_default
        returning m.*
    loop
        perform payment.emit_method('payment_method.updated', v_method);
    end loop;
end;
$function$;

comment on function payment.change_default(bigint, bigint) is
'Makes one method of a locked user the default, and no other; null for none.';
