-- The ledger: what was applied to this database, when, by whom, and with which text.
--
-- Runs again whenever the runner brings a newer version of it, so every statement may be repeated.
create schema if not exists dbtool;

comment on schema dbtool is
'The ledger of dbtool: applied migrations, function sets, settings and fingerprints.';

create table if not exists dbtool.migrations (
    source text not null,
    version bigint not null,
    description text not null,
    file_name text,
    script text,
    checksum text,
    checksum_algorithm text,
    kind text not null,
    state text not null,
    applied_at timestamptz not null default clock_timestamp(),
    applied_by text not null default session_user,
    execution_ms bigint,
    constraint migrations_pkey primary key (source, version),
    constraint migrations_version_positive_check check (version > 0),
    constraint migrations_kind_known_check check (kind in ('migration', 'baseline')),
    constraint migrations_state_known_check check (state in ('started', 'applied')),
    -- A baseline row stands for files that never ran here, so it can vouch for no text.
    constraint migrations_script_recorded_check check (
        (kind = 'migration') = (script is not null and checksum is not null)
    )
);

comment on table dbtool.migrations is
'One row for each applied migration, written in the transaction of its file.';
comment on column dbtool.migrations.source is
'The folder of SQL, by the name in its dbtool.toml; each has its own numbers.';
comment on column dbtool.migrations.version is
'The number in the file''s name. A baseline row stands for all numbers up to its own.';
comment on column dbtool.migrations.description is 'The words in the file''s name.';
comment on column dbtool.migrations.file_name is
'The file''s name when it was applied; null for a baseline.';
comment on column dbtool.migrations.script is
'The text as it was applied, without byte order mark and with LF; null for a baseline.';
comment on column dbtool.migrations.checksum is
'The checksum of the script, in hexadecimal; null for a baseline.';
comment on column dbtool.migrations.checksum_algorithm is
'How the checksum is made: sha256-lf is the sha256 of the script as UTF-8.';
comment on column dbtool.migrations.kind is
'migration: the file ran here. baseline: its effect, and that of all before it, was found here.';
comment on column dbtool.migrations.state is
'started: a file that cannot run in a transaction began, and the next migrate resumes it. '
'applied: done.';
comment on column dbtool.migrations.applied_at is 'When it was applied, or last started.';
comment on column dbtool.migrations.applied_by is 'The login role that applied it.';
comment on column dbtool.migrations.execution_ms is
'How long the file ran, in milliseconds; null for a baseline and while it runs.';

create table if not exists dbtool.settings (
    key text not null,
    value text not null,
    constraint settings_pkey primary key (key)
);

comment on table dbtool.settings is 'What dbtool knows of this database as a whole.';
comment on column dbtool.settings.key is
'environment: what this database is, such as production. ledger_version: the version of these '
'tables. unfinished: migrations ran, and the functions and the fingerprint are still to follow.';
comment on column dbtool.settings.value is 'The value of the key.';

create table if not exists dbtool.repairs (
    repair_id bigint generated always as identity,
    source text not null,
    version bigint not null,
    checksum_before text not null,
    checksum_after text not null,
    reason text not null,
    repaired_at timestamptz not null default clock_timestamp(),
    repaired_by text not null default session_user,
    constraint repairs_pkey primary key (repair_id),
    constraint repairs_reason_given_check check (reason ~ '\S')
);

comment on table dbtool.repairs is
'One row for each time that the ledger was made to agree with an edited file.';
comment on column dbtool.repairs.repair_id is 'The number of the repair.';
comment on column dbtool.repairs.source is 'The source of the migration.';
comment on column dbtool.repairs.version is 'The number of the migration.';
comment on column dbtool.repairs.checksum_before is 'The checksum that was recorded.';
comment on column dbtool.repairs.checksum_after is 'The checksum of the file as it is now.';
comment on column dbtool.repairs.reason is 'Why this was right, in the words of who did it.';
comment on column dbtool.repairs.repaired_at is 'When.';
comment on column dbtool.repairs.repaired_by is 'The login role that did it.';
