-- Refuse what is no review, before anything is locked.
create or replace function product.check_review(
    p_rating integer,
    p_title text,
    p_body text,
    p_author_name text
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_rating is null or p_rating not between 1 and 5 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_rating', 'expected', 'a whole number from 1 to 5'
        ));
    end if;
    perform core.check_text('p_title', p_title, 200) where p_title is distinct from '';
    if p_body is null or length(p_body) > 10000
    or translate(p_body, E'\t\n\r', '') ~ '[[:cntrl:]]' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_body',
            'expected', 'text of at most 10000 characters, no control characters but white space'
        ));
    end if;
    perform core.check_text('p_author_name', p_author_name, 100) where p_author_name is not null;
end;
$function$;

comment on function product.check_review(integer, text, text, text) is
'Refuses a rating outside 1 to 5 and malformed text. Errors: INVALID_ARGUMENT.';
