-- Whose cart: a user's by number, or a session's by its token. Owners are written as
-- inventory.reserve_inventory takes them, so that a cart's holds are its owner's.
create or replace function cart.find_owner(
    p_owner text, out user_id bigint, out session_token text
)
returns record
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_owner ~ '^user:[1-9][0-9]{0,17}$' then
        user_id := substr(p_owner, 6)::bigint;
    elsif p_owner like 'session:_%' and length(p_owner) <= 208 then
        session_token := substr(p_owner, 9);
    else
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_owner',
            'expected', 'user:<number> or session:<1 to 200 characters>'
        ));
    end if;
end;
$function$;

comment on function cart.find_owner(text) is
'The two halves of an owner, one of them null. Errors: INVALID_ARGUMENT.';
