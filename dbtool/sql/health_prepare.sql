-- What holds for the transaction of one check.
select
    set_config('transaction_read_only', 'on', true),
    set_config('search_path', 'pg_catalog, pg_temp', true),
    set_config('lock_timeout', '250ms', true),
    set_config('statement_timeout', %s, true)
