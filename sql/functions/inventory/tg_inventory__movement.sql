-- A trigger, because no constraint can: the key to the newest movement proves that the movement
-- which the row names exists, not that it is the newest. The number may only go up, one at a
-- time.
create or replace function inventory.tg_inventory__movement()
returns trigger
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if new.last_seq is distinct from coalesce(old.last_seq, 0) + 1 then
        raise exception 'on_hand and damaged change only with the next movement'
            using errcode = 'check_violation',
                  detail = jsonb_build_object(
                      'error', 'CHECK_VIOLATION',
                      'variant_id', new.variant_id, 'location_id', new.location_id,
                      'last_seq', old.last_seq, 'new_last_seq', new.last_seq
                  )::text,
                  hint = 'Use inventory.set_stock, adjust_stock or receive_stock.',
                  schema = 'inventory', table = 'inventory';
    end if;
    return new;
end;
$function$;

comment on function inventory.tg_inventory__movement() is
'Refuses a change of on_hand or damaged that is not the next movement. Errors: 23514.';

create or replace trigger _500_movement
before update on inventory.inventory
for each row
when (
    (old.on_hand, old.damaged, old.last_seq)
    is distinct from (new.on_hand, new.damaged, new.last_seq)
)
execute function inventory.tg_inventory__movement();

comment on trigger _500_movement on inventory.inventory is
'What is there changes only together with a movement that says why.';
