-- Refuse what is no quantity.
create or replace function cart.check_quantity(p_quantity integer)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_quantity is null or p_quantity not between 1 and 999999999 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_quantity', 'expected', 'a whole number from 1 to 999999999'
        ));
    end if;
end;
$function$;

comment on function cart.check_quantity(integer) is
'Refuses what is not a quantity of a line. Errors: INVALID_ARGUMENT.';
