-- The lowest number of a slot that is not taken; null where all are.
create or replace function inventory.free_slot(p_taken integer[], p_slot_limit integer)
returns integer
language sql
immutable
security invoker
return (
    select s.slot
    -- In a select list, not in FROM: numbers are then drawn one by one, and thousands need not be.
    from (select generate_series(1, p_slot_limit) as slot, p_taken as taken) as s
    where array_position(s.taken, s.slot) is null
    limit 1 -- noqa: AM09
);

comment on function inventory.free_slot(integer[], integer) is
'The lowest slot from 1 to the limit that is not taken, null where all are.';
