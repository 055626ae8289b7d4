set local role shop_owner;

alter table core.business_rules drop constraint business_rules_days_check;
