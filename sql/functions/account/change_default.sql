-- Move the mark of the default address of a kind, under the user's lock.
--
-- Two statements: a unique index looks at row after row, so that one statement for both would fail
-- or not depending on which row it meets first.
create or replace function account.change_default(
    p_user_id bigint, p_kind text, p_address_id bigint
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_address account.addresses;
begin
    update account.addresses as a
    set
        is_default = false,
        version = a.version + 1,
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    where a.user_id = p_user_id and a.kind = p_kind and a.is_default
    and a.address_id is distinct from p_address_id
    returning a.* into v_address;
    if found then
        perform account.emit_addresses('address.updated', array[v_address]);
    end if;

    update account.addresses as a
    set
        is_default = true,
        version = a.version + 1,
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    where a.user_id = p_user_id and a.address_id = p_address_id and not a.is_default
    returning a.* into v_address;
    if found then
        perform account.emit_addresses('address.updated', array[v_address]);
    end if;
end;
$function$;

comment on function account.change_default(bigint, text, bigint) is
'Makes an address the default of its kind, or, for null, none; the one before no longer is.';
