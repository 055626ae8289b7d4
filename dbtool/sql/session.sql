-- What the role or the database sets for its sessions is meant for those of the applications.
set default_transaction_isolation = 'read committed';
set idle_in_transaction_session_timeout = 0;
set idle_session_timeout = 0;
set standard_conforming_strings = on;
set statement_timeout = 0;

do $block$
begin
    -- From 17 on.
    if current_setting('transaction_timeout', true) <> '0' then
        set transaction_timeout = 0;
    end if;
    -- A backend that computes does not notice that its client was killed, and keeps the lock,
    -- unless told to look. Platforms that cannot look refuse any value but 0.
    set client_connection_check_interval = '1s';
exception when invalid_parameter_value then
    null;
end;
$block$;
