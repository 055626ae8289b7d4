-- Take the person out of one order: of a guest, who has no account to be anonymised, or of somebody
-- whom a user had something sent to.
create or replace function orders.anonymise_order(
    p_order_number text,
    p_idempotency_key text default null
)
returns table (order_number text, status text, erased_at timestamptz, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'orders.anonymise_order';
    v_response jsonb;
    v_order orders.orders;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'order_number', p_order_number
    ));
    if v_response is null then
        v_order := orders.take_order(p_order_number);
        perform orders.erase_person(array[v_order.order_id]);
        select jsonb_build_object(
            'order_number', o.order_number, 'status', o.status, 'erased_at', c.erased_at,
            'version', o.version
        )
        into strict v_response
        from orders.orders as o
        inner join orders.order_contacts as c on c.order_id = o.order_id
        where o.order_id = v_order.order_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        order_number text, status text, erased_at timestamptz, version bigint
    );
end;
$function$;

comment on function orders.anonymise_order(text, text) is
'Takes the person out of an order, for good, as a guest may ask who has no account: contact, notes,
the comments of its returns, the notes of its refunds and the evidence of disputes that are over are
emptied, its session is forgotten. Everything else stays; done already, it answers the same. The
orders of an e-mail address are found in orders.order_contact_list. Errors: ORDER_NOT_FOUND,
USER_HAS_OPEN_ORDERS (it is not sent yet: send or cancel it first), INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.anonymise_order(text, text) to orders_editor;
