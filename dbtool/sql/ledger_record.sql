-- Record a migration at the end of its own transaction.
--
-- A file may have changed the role or the path: neither may reach the ledger or the next file.
set constraints all immediate;
reset session authorization;
reset role;
reset search_path;

insert into dbtool.migrations as m (
    source, version, description, file_name, script, checksum, checksum_algorithm, kind, state,
    execution_ms
)
values (
    %(source)s, %(version)s, %(description)s, %(file_name)s, %(script)s, %(checksum)s,
    %(algorithm)s, %(kind)s, %(state)s, %(execution_ms)s
)
on conflict (source, version) do update set
    description = excluded.description,
    file_name = excluded.file_name,
    script = excluded.script,
    checksum = excluded.checksum,
    checksum_algorithm = excluded.checksum_algorithm,
    state = excluded.state,
    applied_at = excluded.applied_at,
    applied_by = excluded.applied_by,
    execution_ms = excluded.execution_ms;

insert into dbtool.settings (key, value) values ('unfinished', 'yes') on conflict do nothing;
