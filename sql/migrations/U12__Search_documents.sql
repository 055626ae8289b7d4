set local role shop_owner;

delete from core.business_rules
where name in ('search_page_max', 'search_total_max', 'search_suggest_below');

drop index product.prices_currency_amount_idx;
drop table product.search_words;
drop table product.search_documents;
drop table product.product_popularity;
do $configurations$
declare
    v_configuration text;
begin
    for v_configuration in
        select c.cfgname
        from pg_catalog.pg_ts_config as c
        where c.cfgnamespace = 'product'::regnamespace
    loop
        execute pg_catalog.format(
            'drop text search configuration product.%I', v_configuration
        );
    end loop;
    drop text search dictionary product.unaccent;
end;
$configurations$;
drop table product.search_languages;
