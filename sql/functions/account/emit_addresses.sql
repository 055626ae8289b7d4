-- One event an address, without what is written on the parcel.
create or replace function account.emit_addresses(
    p_event_type text, p_addresses account.addresses[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform events.emit(
        p_event_type, 'address', array_agg(a.address_id), array_agg(a.version),
        array_agg(jsonb_build_object(
            'user_id', a.user_id, 'address_id', a.address_id, 'kind', a.kind,
            'is_default', a.is_default, 'version', a.version
        ))
    )
    from unnest(p_addresses) as a
    having count(*) > 0;
end;
$function$;

comment on function account.emit_addresses(text, account.addresses[]) is
'Writes an event for each address as it is now, without personal data.';
