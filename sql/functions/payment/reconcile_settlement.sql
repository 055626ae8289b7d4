-- Compare what a provider says it has moved with the books, line by line. Nothing is changed:
-- payment.record_settlement books what is right, people look at the rest.
create or replace function payment.reconcile_settlement(
    p_provider text,
    p_report jsonb,
    p_from timestamptz default null,
    p_to timestamptz default null
)
returns table (
    outcome text, kind text, provider_ref text, order_number text, transaction uuid,
    currency text, amount_here numeric, amount_there numeric, difference numeric,
    happened_at timestamptz, item integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_kinds constant text[] := '{capture,refund,refund_reversal,chargeback,chargeback_reversal}';
    v_max constant integer := coalesce(core.rule('bulk_items_max'), 100000);
    v_problem record;
begin
    perform payment.check_provider(p_provider);
    if p_report is null or jsonb_typeof(p_report) <> 'array'
    or jsonb_array_length(p_report) > v_max then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_report', 'expected', 'an array of at most ' || v_max || ' objects'
        ));
    end if;
    select p.item, p.field, p.expected
    into v_problem
    from core.item_problems(
        p_report,
        '{"kind": "text", "provider_ref": "text", "amount": "amount", "currency": "text"}'
    ) as p
    limit 1;
    if not found then
        select
            i.ordinality::integer as item,
            'kind'::text as field,
            array_to_string(c_kinds, ', ') as expected
        into v_problem
        from jsonb_array_elements(p_report) with ordinality as i
        where i.value ->> 'kind' <> all (c_kinds)
        order by i.ordinality
        limit 1;
    end if;
    if found then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_report', 'item', v_problem.item, 'field', v_problem.field,
            'expected', v_problem.expected
        ));
    end if;
    return query
    with report as (
        select
            i.ordinality::integer as item,
            r.kind,
            r.provider_ref,
            r.amount,
            r.currency,
            row_number() over (
                partition by r.kind, r.provider_ref order by i.ordinality
            ) as mention
        from jsonb_array_elements(p_report) with ordinality as i
        cross join lateral jsonb_to_record(i.value) as r (
            kind text, provider_ref text, amount numeric, currency text
        )
    ),
    compared as (
        select
            r.item, r.kind, r.provider_ref, r.mention, r.amount as amount_there,
            r.currency as currency_there, t.order_id, t.transaction_id, t.public_id,
            t.completed_at, case t.status when 'succeeded' then t.amount end as amount_here,
            p.currency as currency_here
        from report as r
        left join payment.payment_transactions as t
            on t.provider = p_provider and t.kind = r.kind and t.provider_ref = r.provider_ref
        left join payment.payments as p
            on p.order_id = t.order_id and p.payment_id = t.payment_id
    ),
    -- Where nobody says of what time the report is, it is that of the steps that it names.
    period as (
        select
            coalesce(p_from, min(c.completed_at)) as starts_at,
            coalesce(p_to, max(c.completed_at)) as ends_at
        from compared as c
    ),
    unreported as (
        select t.*
        from period as d
        inner join payment.payment_transactions as t
            on t.completed_at >= d.starts_at and t.completed_at <= d.ends_at
        where t.provider = p_provider and t.status = 'succeeded' and t.kind = any (c_kinds)
        and not exists (
            select
            from report as r
            where r.kind = t.kind and r.provider_ref = t.provider_ref
        )
    )
    select
        case
            when c.mention > 1 then 'twice_there'
            when c.amount_here is null then 'missing_here'
            when c.amount_here <> c.amount_there or c.currency_here <> c.currency_there
                then 'differs'
            else 'matched'
        end,
        c.kind, c.provider_ref, o.order_number, c.public_id,
        coalesce(c.currency_here, c.currency_there), c.amount_here, c.amount_there,
        case
            when c.mention > 1 then c.amount_there
            when c.currency_here <> c.currency_there then null
            else c.amount_there - coalesce(c.amount_here, 0)
        end,
        c.completed_at, c.item
    from compared as c
    left join orders.orders as o on o.order_id = c.order_id
    union all
    select
        'missing_there', u.kind, u.provider_ref, o.order_number, u.public_id, p.currency,
        u.amount, null, -u.amount, u.completed_at, null
    from unreported as u
    -- One by one: how many there are is not known when the plan is made, and for a share of all
    -- steps every payment would be read.
    cross join lateral (
        select k.currency
        from payment.payments as k
        where k.order_id = u.order_id and k.payment_id = u.payment_id
        limit 1
    ) as p
    cross join lateral (
        select k.order_number from orders.orders as k where k.order_id = u.order_id limit 1
    ) as o
    order by 11 nulls last, 10, 5;
end;
$function$;

comment on function payment.reconcile_settlement(text, jsonb, timestamptz, timestamptz) is
'Compares a provider''s report, an array such as [{"kind": "capture", "provider_ref": "ch_1",
"amount": "12.50", "currency": "EUR"}] of up to 10,000 (rule bulk_items_max), with the books. Kinds
are capture, refund, refund_reversal, chargeback and chargeback_reversal. Returns a row an item of
the report: matched, differs (in amount or currency), missing_here (unknown here, or it has not
succeeded) or twice_there (named before in the report); and a row for each step of the time of the
report that it does not name: missing_there. That time is from p_from to p_to, or that of the steps
that it names. difference is what the report has more. Errors: INVALID_ARGUMENT. Replica: yes.';
grant execute on function payment.reconcile_settlement(text, jsonb, timestamptz, timestamptz)
to payment_editor;
