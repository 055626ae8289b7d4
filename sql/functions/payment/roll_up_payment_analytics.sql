-- Count days anew from the transactions that ended on them. However often it runs, the result is
-- the same; a transaction whose outcome changes later (a success after a failure) moves to another
-- day, so the last days are counted again.
create or replace function payment.roll_up_payment_analytics(
    p_from date default null, p_to date default null
)
returns table (days integer, written bigint, deleted bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_to constant date := coalesce(p_to, (clock_timestamp() at time zone 'UTC')::date);
    v_from constant date := coalesce(p_from, v_to - 7);
begin
    if v_from > v_to or v_to - v_from > 366 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_from', 'expected', 'a day up to 366 days before p_to'
        ));
    end if;
    days := v_to - v_from + 1;
    with counted as (
        select
            (t.completed_at at time zone 'UTC')::date as day,
            t.provider,
            p.currency,
            -- What a capture or a refund implies was never asked for.
            count(*) filter (where t.kind = 'authorize' and t.attempts > 0) as attempts,
            count(*) filter (
                where t.kind = 'authorize' and t.attempts > 0 and t.status = 'succeeded'
            ) as approved,
            count(*) filter (
                where t.kind = 'authorize' and t.attempts > 0 and t.status = 'failed'
                and coalesce(t.error_code, '') not in ('timed_out', 'no_answer')
            ) as declined,
            count(*) filter (
                where t.kind = 'authorize' and t.attempts > 0 and t.status = 'failed'
                and t.error_code in ('timed_out', 'no_answer')
            ) as timed_out,
            coalesce(sum(t.amount) filter (
                where t.kind = 'authorize' and t.status = 'succeeded'
            ), 0) as authorized_amount,
            count(*) filter (where t.kind = 'capture') as captures,
            coalesce(sum(t.amount) filter (where t.kind = 'capture'), 0) as captured_amount,
            count(*) filter (where t.kind = 'refund') as refunds,
            coalesce(sum(case t.kind
                when 'refund' then t.amount when 'refund_reversal' then -t.amount
            end), 0) as refunded_amount,
            count(distinct t.dispute_id) filter (where t.kind = 'chargeback') as disputes,
            coalesce(sum(case t.kind
                when 'chargeback' then t.amount when 'chargeback_reversal' then -t.amount
            end), 0) as disputed_amount,
            coalesce(sum(t.amount) filter (where t.kind = 'settlement'), 0) as settled_amount,
            coalesce(sum(t.amount) filter (where t.kind = 'fee'), 0) as fee_amount
        from (
            select s.*
            from payment.payment_transactions as s
            where s.completed_at >= v_from::timestamp at time zone 'UTC'
            and s.completed_at < (v_to + 1)::timestamp at time zone 'UTC'
            and (s.status = 'succeeded' or s.kind = 'authorize')
        ) as t
        inner join payment.payments as p
            on p.order_id = t.order_id and p.payment_id = t.payment_id
        group by 1, 2, 3
    ),
    written as (
        insert into payment.payment_analytics as a (
            day, provider, currency, attempts, approved, declined, timed_out, authorized_amount,
            captures, captured_amount, refunds, refunded_amount, disputes, disputed_amount,
            settled_amount, fee_amount
        )
        select
            c.day, c.provider, c.currency, c.attempts, c.approved, c.declined, c.timed_out,
            c.authorized_amount, c.captures, c.captured_amount, c.refunds, c.refunded_amount,
            c.disputes, c.disputed_amount, c.settled_amount, c.fee_amount
        from counted as c
        order by c.day, c.provider, c.currency
        on conflict on constraint payment_analytics_pkey do update
            set
                attempts = excluded.attempts,
                approved = excluded.approved,
                declined = excluded.declined,
                timed_out = excluded.timed_out,
                authorized_amount = excluded.authorized_amount,
                captures = excluded.captures,
                captured_amount = excluded.captured_amount,
                refunds = excluded.refunds,
                refunded_amount = excluded.refunded_amount,
                disputes = excluded.disputes,
                disputed_amount = excluded.disputed_amount,
                settled_amount = excluded.settled_amount,
                fee_amount = excluded.fee_amount,
                updated_at = clock_timestamp()
        returning a.day, a.provider, a.currency
    ),
    gone as (
        delete from payment.payment_analytics as a
        where a.day between v_from and v_to and not exists (
            select
            from written as w
            where w.day = a.day and w.provider = a.provider and w.currency = a.currency
        )
        returning 1
    )
    select (select count(*) from written), (select count(*) from gone)
    into written, deleted;
    return next;
end;
$function$;

comment on function payment.roll_up_payment_analytics(date, date) is
'Counts the payments of days (UTC, at most 367) anew, by default of today and the seven days before:
attempts at authorising that ended, how many were approved, declined or never answered, what was
authorised, captured, refunded less what came back, contested less what was won, settled, and the
fees. Returns how many days were counted, rows written, and rows deleted because nothing is left for
them. Run it every hour. Errors: INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.roll_up_payment_analytics(date, date) to payment_editor;
