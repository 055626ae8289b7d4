-- Refuse a move that the order, parcel or return cannot make, and list those that it can.
create or replace function orders.refuse_transition(
    p_order orders.orders,
    p_to text,
    p_detail jsonb default '{}',
    p_hint text default null
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform core.refuse('SHO30', jsonb_build_object(
        'order_number', (p_order).order_number, 'of', 'order', 'status', (p_order).status,
        'requested', p_to, 'legal', to_jsonb(orders.legal_moves(p_order))
    ) || p_detail, p_hint);
end;
$function$;

comment on function orders.refuse_transition(orders.orders, text, jsonb, text) is
'Refuses an illegal transition with the legal ones; the detail overrides whose they are. Errors:
ILLEGAL_TRANSITION.';
