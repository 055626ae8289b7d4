-- Move a return of a locked order to another state, with its event.
create or replace function orders.move_return(
    p_order orders.orders, p_return orders.order_returns, p_to text, p_reason text
)
returns orders.order_returns
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_now constant timestamptz := clock_timestamp();
    v_legal constant text[] := case (p_return).status
        when 'requested' then array['approved', 'rejected']
        when 'approved' then array['received', 'closed']
        when 'received' then array['closed']
        else '{}'::text[]
    end;
    v_return orders.order_returns;
begin
    if p_to <> all (v_legal) then
        perform orders.refuse_transition(p_order, p_to, jsonb_build_object(
            'of', 'return', 'return_no', (p_return).return_no, 'status', (p_return).status,
            'legal', to_jsonb(v_legal)
        ));
    end if;
    update orders.order_returns as r
    set
        status = p_to,
        decided_at = case when p_to in ('approved', 'rejected') then v_now else r.decided_at end,
        decided_by = case
            when p_to in ('approved', 'rejected') then core.actor() else r.decided_by
        end,
        decision_reason = coalesce(p_reason, r.decision_reason),
        received_at = case p_to when 'received' then v_now else r.received_at end,
        closed_at = case p_to when 'closed' then v_now else r.closed_at end,
        version = r.version + 1,
        updated_at = v_now,
        updated_by = core.actor()
    where r.order_id = (p_return).order_id and r.return_no = (p_return).return_no
    returning r.* into v_return;
    perform orders.emit_return(v_return);
    return v_return;
end;
$function$;

comment on function orders.move_return(orders.orders, orders.order_returns, text, text) is
'Moves a return of a locked order to a state; returns it as it is now. Errors: ILLEGAL_TRANSITION
(with the legal ones).';
