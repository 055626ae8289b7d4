-- Of each kind of address that a user has, exactly one is the default.
select
    a.user_id || ' ' || a.kind as object,
    jsonb_build_object(
        'addresses', count(*), 'defaults', count(*) filter (where a.is_default)
    ) as detail
from account.addresses as a
group by a.user_id, a.kind
having count(*) filter (where a.is_default) <> 1
