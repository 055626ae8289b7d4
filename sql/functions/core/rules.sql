create or replace view core.rules with (security_barrier = true) as
select
    r.name,
    r.currency,
    r.value,
    r.is_enabled,
    r.unit,
    r.description,
    r.version,
    r.updated_at,
    r.updated_by
from core.business_rules as r;

comment on view core.rules is
'The limits in force; a row with a currency goes before the one without. Replica: yes.';
grant select on core.rules to core_service;
