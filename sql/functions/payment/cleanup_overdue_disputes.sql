-- Give up disputes whose evidence was due. Each in its own turn, with its order first; one that
-- somebody is busy with is left for the next run, and one that cannot be changed harms no other.
create or replace function payment.cleanup_overdue_disputes(p_limit integer default 1000)
returns table (
    dispute uuid, order_number text, status text, counted numeric, error text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    -- A volatile function is never the condition of an index scan.
    v_now constant timestamptz := clock_timestamp();
    v_due record;
    v_dispute payment.payment_disputes;
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of disputes from 1 to 100000'
        ));
    end if;
    for v_due in
        select d.public_id, d.order_id, o.order_number
        from payment.payment_disputes as d
        inner join orders.orders as o on o.order_id = d.order_id
        where d.status = 'needs_response' and d.evidence_due_at <= v_now
        order by d.evidence_due_at
        limit p_limit
    loop
        perform
        from orders.orders as o
        where o.order_id = v_due.order_id
        for no key update skip locked;
        continue when not found;
        v_dispute := payment.find_dispute(v_due.public_id);
        -- Answered, or given more time, since it was found.
        continue when v_dispute.status <> 'needs_response'
            or v_dispute.evidence_due_at > clock_timestamp();
        error := null;
        begin
            v_dispute := payment.move_dispute(v_dispute, 'lost', 'past_due');
        exception
            when integrity_constraint_violation or data_exception or no_data_found
                or sqlstate 'SH000' then
                error := sqlstate || ': ' || sqlerrm;
        end;
        dispute := v_dispute.public_id;
        order_number := v_due.order_number;
        status := v_dispute.status;
        counted := v_dispute.counted;
        return next;
    end loop;
end;
$function$;

comment on function payment.cleanup_overdue_disputes(integer) is
'Makes up to p_limit (1 to 100,000) disputes lost whose evidence was due and never submitted, with
the reason past_due; returns them as they are now, each with the error that kept it as it was.
Should the bank decide otherwise, its word still counts. Run it every hour; payment.dispute_list
tells beforehand what is urgent. Errors: INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.cleanup_overdue_disputes(integer) to payment_editor;
