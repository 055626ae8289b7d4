-- Lock a step that a caller names by its key: its order first, then its payment.
create or replace function payment.find_transaction(p_transaction uuid, p_kind text)
returns payment.payment_transactions
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_transaction payment.payment_transactions;
begin
    select t.* into v_transaction
    from payment.payment_transactions as t
    where t.public_id = p_transaction and t.kind = p_kind;
    if not found then
        perform core.refuse('SHM02', jsonb_build_object(
            'transaction', p_transaction, 'kind', p_kind
        ));
    end if;
    perform orders.lock_order(v_transaction.order_id);
    perform payment.lock_payment(v_transaction.order_id, v_transaction.payment_id);
    -- As it is now, not as it was before the locks were to be had.
    select t.* into strict v_transaction
    from payment.payment_transactions as t
    where t.order_id = v_transaction.order_id
    and t.transaction_id = v_transaction.transaction_id;
    return v_transaction;
end;
$function$;

comment on function payment.find_transaction(uuid, text) is
'The step of that kind, its order and payment locked until the end of the transaction. Errors:
PAYMENT_TRANSACTION_NOT_FOUND.';
