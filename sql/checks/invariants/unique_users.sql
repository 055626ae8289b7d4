-- An e-mail address, whatever its case, and a phone number belong to one user.
-- Unique indexes make it impossible; a restore that left them out would show here.
select
    'users ' || string_agg(u.user_id::text, ', ' order by u.user_id) as object,
    jsonb_build_object('shared', 'email') as detail
from account.users as u
group by lower(u.email)
having count(*) > 1
union all
select
    'users ' || string_agg(u.user_id::text, ', ' order by u.user_id),
    jsonb_build_object('shared', 'phone')
from account.users as u
where u.phone is not null
group by u.phone
having count(*) > 1
