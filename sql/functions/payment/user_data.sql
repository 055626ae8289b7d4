-- What the payments hold about a user. A token is a secret of the shop and the provider.
create or replace function payment.user_data(p_user_id bigint)
returns jsonb
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object(
    'payment_methods', (
        select coalesce(jsonb_agg(
            to_jsonb(m) - '{token,updated_by}'::text[] order by m.method_id
        ), '[]')
        from payment.payment_methods as m
        where m.user_id = p_user_id
    ),
    'payments', (
        select coalesce(jsonb_agg(to_jsonb(p) - 'updated_by' || jsonb_build_object(
            'transactions', (
                select coalesce(jsonb_agg(
                    to_jsonb(t) - '{order_id,payment_id,actor,request_id}'::text[]
                    order by t.transaction_id
                ), '[]')
                from payment.payment_transactions as t
                where t.order_id = p.order_id and t.payment_id = p.payment_id
            ),
            'refunds', (
                select coalesce(jsonb_agg(
                    to_jsonb(r) - array[
                        'order_id', 'payment_id', 'requested_by', 'request_id', 'decided_by',
                        'updated_by'
                    ] order by r.refund_id
                ), '[]')
                from payment.refunds as r
                where r.order_id = p.order_id and r.payment_id = p.payment_id
            ),
            'disputes', (
                select coalesce(jsonb_agg(
                    to_jsonb(d) - '{order_id,payment_id,updated_by}'::text[]
                    || jsonb_build_object('evidence', (
                        select coalesce(jsonb_agg(
                            to_jsonb(e) - '{order_id,dispute_id,created_by}'::text[]
                            order by e.kind, e.version
                        ), '[]')
                        from payment.dispute_evidence as e
                        where e.order_id = d.order_id and e.dispute_id = d.dispute_id
                    )) order by d.dispute_id
                ), '[]')
                from payment.payment_disputes as d
                where d.order_id = p.order_id and d.payment_id = p.payment_id
            )
        ) order by p.order_id, p.payment_id), '[]')
        from payment.payments as p
        inner join orders.orders as o on o.order_id = p.order_id
        where o.user_id = p_user_id
    )
);
$function$;

comment on function payment.user_data(bigint) is
'Everything that the payments hold about a user, but for tokens, for account.export_user.';
