-- Refuse a short text that may not be kept, before a check on the table does: that would repeat a
-- card number in its message.
create or replace function payment.check_words(
    p_argument text, p_words text, p_max_length integer
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform core.check_text(p_argument, p_words, p_max_length);
    if payment.holds_card_data(p_words) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', p_argument, 'expected', 'no card number and no security code'
        ));
    end if;
end;
$function$;

comment on function payment.check_words(text, text, integer) is
'Refuses a text that is empty, too long or holds card data. Errors: INVALID_ARGUMENT.';
