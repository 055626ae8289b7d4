create schema desk;

comment on schema desk is 'Customers, their tickets, and the agents that answer them.';
