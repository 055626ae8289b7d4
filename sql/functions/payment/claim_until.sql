-- Until when a step that is taken now waits for its answer.
create or replace function payment.claim_until()
returns timestamptz
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select clock_timestamp()
    + coalesce(core.rule('payment_claim_minutes'), 15)::double precision * interval '1 minute'
$function$;

comment on function payment.claim_until() is
'The rule payment_claim_minutes from now; 15 minutes where it is off, since no claim is for ever.';
