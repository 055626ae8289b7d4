-- A provider's words as they may be kept. An outcome is recorded whatever it is worded like: what
-- is too long is cut, and what looks like a card number loses its digits.
create or replace function payment.clean_text(p_text text, p_max_length integer)
returns text
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select nullif(left(
    case
        when payment.holds_card_data(t.words) then translate(
            regexp_replace(t.words, '[0-9]', '*', 'g'), '":', ''
        )
        else t.words
    end,
    p_max_length
), '')
from (select btrim(regexp_replace(p_text, '[[:cntrl:]]+', ' ', 'g')) as words) as t
$function$;

comment on function payment.clean_text(text, integer) is
'The text without control characters and what looks like card data, cut; null where nothing is
left.';
