-- The schema as `dbtool dump` found it. To restore it: psql --file=FILE
set check_function_bodies = false;
set client_min_messages = warning;
select pg_catalog.set_config('search_path', '', false);
