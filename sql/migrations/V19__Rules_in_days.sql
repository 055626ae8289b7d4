-- Limits in days that a point in time can be as far away: a rule of millions of years failed with
-- 22008 wherever it was used, in every call for a new cart for example.

set local role shop_owner;

-- lint: allow squawk/constraint-missing-not-valid: the table has a row a rule
alter table core.business_rules add constraint business_rules_days_check check (
    unit <> 'days' or value <= 36500
);
