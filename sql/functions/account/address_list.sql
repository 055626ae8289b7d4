create or replace view account.address_list with (security_barrier = true) as
select
    a.user_id,
    a.address_id,
    a.kind,
    a.is_default,
    a.recipient,
    a.company,
    a.line1,
    a.line2,
    a.postal_code,
    a.city,
    a.region,
    a.country,
    a.phone,
    a.version,
    a.created_at,
    a.updated_at
from account.addresses as a;

comment on view account.address_list is
'Addresses of users; of each kind that a user has, one is the default. Replica: yes.';
grant select on account.address_list to account_service;
