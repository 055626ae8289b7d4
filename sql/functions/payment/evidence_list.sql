create or replace view payment.evidence_list with (security_barrier = true) as
select
    d.public_id as dispute,
    e.kind,
    e.version,
    e.body,
    e.file_uri,
    e.submission,
    e.submitted_at,
    e.created_at,
    e.created_by,
    e.order_id,
    e.dispute_id,
    e.erased_at
from payment.dispute_evidence as e
inner join payment.payment_disputes as d
    on d.order_id = e.order_id and d.dispute_id = e.dispute_id;

comment on view payment.evidence_list is
'What was collected against disputes, every version, and the submission that it was part of. For
editors. Replica: yes.';
grant select on payment.evidence_list to payment_editor;
