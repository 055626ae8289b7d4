-- flow: a request says who acts
select * from core.set_context('staff:anna', %(key)s, '192.0.2.7', 'till/1');

-- flow: a rule is changed
select r.version from core.business_rules as r where r.name = 'cart_days';
select * from core.set_business_rule('cart_days', 30, %(version)s);

-- flow: an operator looks
-- job
select * from ops.get_table_statistics();
select * from ops.get_index_usage_statistics();
select * from ops.get_cache_hit_ratios();
select * from ops.get_slow_queries(20);
