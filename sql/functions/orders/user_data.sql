-- What the orders hold about a user: what was bought, where it went, what was said about it.
create or replace function orders.user_data(p_user_id bigint)
returns jsonb
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object('orders', coalesce(jsonb_agg(
    to_jsonb(o) - '{created_by,updated_by,request_id}'::text[] || jsonb_build_object(
        'contact', (
            select to_jsonb(c) - 'order_id'
            from orders.order_contacts as c
            where c.order_id = o.order_id
        ),
        'items', (
            select coalesce(jsonb_agg(to_jsonb(i) - 'order_id' || jsonb_build_object(
                'adjustments', (
                    select coalesce(jsonb_agg(
                        to_jsonb(a) - '{order_id,line_no}'::text[] order by a.adjustment_no
                    ), '[]')
                    from orders.order_adjustments as a
                    where a.order_id = i.order_id and a.line_no = i.line_no
                )
            ) order by i.line_no), '[]')
            from orders.order_items as i
            where i.order_id = o.order_id
        ),
        'history', (
            select coalesce(jsonb_agg(
                to_jsonb(h) - '{order_id,actor,request_id}'::text[] order by h.seq
            ), '[]')
            from orders.order_status_history as h
            where h.order_id = o.order_id
        ),
        'credits', (
            select coalesce(jsonb_agg(
                to_jsonb(k) - '{order_id,actor,request_id}'::text[] order by k.credit_no
            ), '[]')
            from orders.order_credits as k
            where k.order_id = o.order_id
        ),
        'notes', (
            select coalesce(jsonb_agg(
                to_jsonb(n) - '{order_id,author,request_id}'::text[] order by n.note_no
            ), '[]')
            from orders.order_notes as n
            where n.order_id = o.order_id
        ),
        'parcels', (
            select coalesce(jsonb_agg(
                to_jsonb(f) - '{order_id,updated_by}'::text[] || jsonb_build_object('items', (
                    select jsonb_agg(
                        to_jsonb(x) - '{order_id,fulfillment_no}'::text[] order by x.line_no
                    )
                    from orders.fulfillment_items as x
                    where x.order_id = f.order_id and x.fulfillment_no = f.fulfillment_no
                )) order by f.fulfillment_no
            ), '[]')
            from orders.order_fulfillment as f
            where f.order_id = o.order_id
        ),
        'returns', (
            select coalesce(jsonb_agg(
                to_jsonb(r) - '{order_id,requested_by,decided_by,updated_by}'::text[]
                || jsonb_build_object('items', (
                    select jsonb_agg(
                        to_jsonb(x) - '{order_id,return_no}'::text[] order by x.line_no
                    )
                    from orders.return_items as x
                    where x.order_id = r.order_id and x.return_no = r.return_no
                )) order by r.return_no
            ), '[]')
            from orders.order_returns as r
            where r.order_id = o.order_id
        )
    ) order by o.order_id
), '[]'))
from orders.orders as o
where o.user_id = p_user_id;
$function$;

comment on function orders.user_data(bigint) is
'Everything that the orders hold about a user, for account.export_user.';
