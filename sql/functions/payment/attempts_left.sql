-- How often the payments of a locked order may still be tried.
create or replace function payment.attempts_left(p_order_id bigint)
returns integer
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select case
    when r.value - coalesce(sum(p.attempts), 0) < 0 then 0
    else (r.value - coalesce(sum(p.attempts), 0))::integer
end
from (select core.rule('payment_attempts_max') as value) as r
left join payment.payments as p on p.order_id = p_order_id
group by r.value
$function$;

comment on function payment.attempts_left(bigint) is
'The rule payment_attempts_max less the attempts of the order; null where the rule is off.';
