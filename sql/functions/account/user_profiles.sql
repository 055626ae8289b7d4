create or replace view account.user_profiles with (security_barrier = true) as
select
    u.user_id,
    u.public_id,
    u.email,
    u.phone,
    u.full_name,
    u.status,
    u.version,
    u.created_at,
    u.updated_at,
    u.customer_group,
    u.anonymized_at
from account.users as u;

comment on view account.user_profiles is 'Users as the account service shows them. Replica: yes.';
grant select on account.user_profiles to account_service;
