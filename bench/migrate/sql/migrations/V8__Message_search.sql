create index messages_body_idx on desk.messages using gin (to_tsvector('english', body));
