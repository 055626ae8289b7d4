-- Where a dispute can go from its state. A lost one is lost, but for one that only the clock has
-- decided: there a bank knows better.
create or replace function payment.dispute_moves(p_dispute payment.payment_disputes)
returns text[]
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select case p_dispute.status
    when 'warning' then '{needs_response,closed,prevented}'::text[]
    when 'needs_response' then '{under_review,won,lost,prevented}'
    when 'under_review' then '{needs_response,won,lost}'
    when 'lost' then case p_dispute.outcome_reason
        when 'past_due' then '{under_review,won}'::text[]
        else '{}'
    end
    else '{}'
end;
$function$;

comment on function payment.dispute_moves(payment.payment_disputes) is
'The states that a dispute can go to.';
