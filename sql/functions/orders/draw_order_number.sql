-- A number for a new order: twelve characters at random, 60 bits, so that numbers tell nobody how
-- many orders there are and cannot be guessed. The alphabet is Crockford's, without I, L, O and U.
-- The bytes that a UUID marks with its version and variant have too few bits that vary.
create or replace function orders.draw_order_number()
returns text
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    v_bytes constant bytea := uuid_send(gen_random_uuid());
begin
    return substr(c_alphabet, 1 + (get_byte(v_bytes, 0) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 1) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 2) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 3) & 31), 1) || '-'
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 4) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 5) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 7) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 9) & 31), 1) || '-'
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 10) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 11) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 12) & 31), 1)
        || substr(c_alphabet, 1 + (get_byte(v_bytes, 13) & 31), 1);
end;
$function$;

comment on function orders.draw_order_number() is
'A random order number, such as 7K2M-V09X-Q4TB.';
