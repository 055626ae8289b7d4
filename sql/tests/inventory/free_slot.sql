-- case: it is the lowest one that is not taken
select is(inventory.free_slot(t.taken, t.slots), t.slot, t.why)
from (
    values
    ('{}'::integer[], 5, 1, 'the first of all'),
    ('{1,2}', 5, 3, 'the next'),
    ('{3,1}', 5, 2, 'one that is free again'),
    ('{2,3}', 5, 1, 'the first again'),
    ('{1,2}', 2, null, 'all are taken'),
    ('{1,2,3}', 2, null, 'more are taken than the rule allows now'),
    ('{}', 0, null, 'the rule allows none'),
    ('{1}', 32767, 2, 'the rule is off')
) as t (taken, slots, slot, why);
