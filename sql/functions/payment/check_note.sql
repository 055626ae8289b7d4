-- Refuse what may not be kept as a note of people.
create or replace function payment.check_note(p_note text)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if length(p_note) not between 1 and 1000 or payment.holds_card_data(p_note) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_note', 'expected', 'null, or 1 to 1000 characters without card data'
        ));
    end if;
end;
$function$;

comment on function payment.check_note(text) is
'Refuses a note that is empty, too long or holds card data; null is none. Errors:
INVALID_ARGUMENT.';
