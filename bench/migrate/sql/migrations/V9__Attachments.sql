create table desk.attachments (
    attachment_id bigint generated always as identity,
    ticket_id bigint not null,
    message_seq integer not null,
    file_name text not null,
    media_type text not null,
    size_bytes bigint not null,
    sha256 bytea not null,
    constraint attachments_pkey primary key (attachment_id),
    constraint attachments_message_fkey foreign key (ticket_id, message_seq)
        references desk.messages (ticket_id, seq) on delete cascade,
    constraint attachments_size_bytes_check check (size_bytes between 1 and 26214400),
    constraint attachments_sha256_check check (octet_length(sha256) = 32)
);

create index attachments_message_idx on desk.attachments (ticket_id, message_seq);
