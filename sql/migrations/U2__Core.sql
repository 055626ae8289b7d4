set local role shop_owner;

drop table core.idempotency_keys;
drop table core.business_rules;
drop table core.currencies;
