-- Take an edited text for the one that was applied, and keep why.
insert into dbtool.repairs (source, version, checksum_before, checksum_after, reason)
select m.source, m.version, m.checksum, %(checksum)s, %(reason)s
from dbtool.migrations as m
where m.source = %(source)s and m.version = %(version)s;

update dbtool.migrations as m
set
    script = %(script)s,
    checksum = %(checksum)s,
    checksum_algorithm = %(algorithm)s,
    description = %(description)s,
    file_name = %(file_name)s,
    state = 'applied'
where m.source = %(source)s and m.version = %(version)s;
