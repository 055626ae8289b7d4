-- All that a migrate with nothing to do asks the server: one value, in one round trip.
select json_build_object(
    'server', current_setting('server_version'),
    'database', current_database(),
    'writable', not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off',
    'settings', (select json_object_agg(s.key, s.value) from dbtool.settings as s),
    'digests', (select json_object_agg(f.source, f.digest) from dbtool.function_sets as f),
    'entries', (
        select json_agg(
            json_build_array(
                m.source, m.version, m.description, m.file_name, m.checksum, m.kind, m.state,
                m.applied_at, m.applied_by, m.execution_ms
            )
            order by m.version
        )
        from dbtool.migrations as m
    )
)::text
