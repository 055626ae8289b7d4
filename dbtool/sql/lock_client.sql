-- A backend that computes does not notice that its client was killed, and keeps the lock, unless
-- told to look. Platforms that cannot look refuse any value but 0.
do $block$
begin
    perform set_config('client_connection_check_interval', '1s', false);
exception when invalid_parameter_value then
    null;
end;
$block$;
