-- A trigger, because no constraint can: the key to the newest history row proves that the row which
-- the head names exists, not that it is the newest. The number may only go up, one at a time.
create or replace function orders.tg_orders__status()
returns trigger
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if new.status_seq is distinct from old.status_seq + 1 then
        raise exception 'the status of an order changes only with the next history row'
            using errcode = 'check_violation',
                  detail = jsonb_build_object(
                      'error', 'CHECK_VIOLATION', 'order_id', old.order_id,
                      'status', old.status, 'new_status', new.status,
                      'status_seq', old.status_seq, 'new_status_seq', new.status_seq
                  )::text,
                  hint = 'Use the functions of orders that move an order on.',
                  schema = 'orders', table = 'orders';
    end if;
    return new;
end;
$function$;

comment on function orders.tg_orders__status() is
'Refuses a change of status that is not the next row of the history. Errors: 23514.';

create or replace trigger _500_status
before update on orders.orders
for each row
when ((old.status, old.status_seq) is distinct from (new.status, new.status_seq))
execute function orders.tg_orders__status();

comment on trigger _500_status on orders.orders is
'A status changes only together with a history row that says so, and is never rewound.';
