create or replace view core.currency_codes with (security_barrier = true) as
select
    c.code,
    c.exponent,
    c.name
from core.currencies as c;

comment on view core.currency_codes is
'The currencies that amounts may be in, and the digits that they are rounded to. Replica: yes.';
grant select on core.currency_codes to core_service;
