-- Currencies, business rules and idempotency keys.

set local role shop_owner;

create table core.currencies (
    code text not null,
    exponent smallint not null,
    name text not null,
    constraint currencies_pkey primary key (code),
    constraint currencies_code_is_iso_4217_check check (code ~ '^[A-Z]{3}$'),
    constraint currencies_exponent_fits_amounts_check check (exponent between 0 and 4)
);
comment on table core.currencies is 'Currencies of ISO 4217 that amounts may be in.';
comment on column core.currencies.code is 'Three capital letters, such as GBP.';
comment on column core.currencies.exponent is
'Digits after the decimal point: amounts are rounded to it, once.';
comment on column core.currencies.name is 'Name for people.';
comment on index core.currencies_pkey is
'For core.check_currency, and the foreign keys of every amount.';

insert into core.currencies (code, exponent, name) values
    ('AED', 2, 'UAE dirham'),
    ('AFN', 2, 'Afghani'),
    ('ALL', 2, 'Lek'),
    ('AMD', 2, 'Armenian dram'),
    ('AOA', 2, 'Kwanza'),
    ('ARS', 2, 'Argentine peso'),
    ('AUD', 2, 'Australian dollar'),
    ('AWG', 2, 'Aruban florin'),
    ('AZN', 2, 'Azerbaijan manat'),
    ('BAM', 2, 'Convertible mark'),
    ('BBD', 2, 'Barbados dollar'),
    ('BDT', 2, 'Taka'),
    ('BHD', 3, 'Bahraini dinar'),
    ('BIF', 0, 'Burundi franc'),
    ('BMD', 2, 'Bermudian dollar'),
    ('BND', 2, 'Brunei dollar'),
    ('BOB', 2, 'Boliviano'),
    ('BRL', 2, 'Brazilian real'),
    ('BSD', 2, 'Bahamian dollar'),
    ('BTN', 2, 'Ngultrum'),
    ('BWP', 2, 'Pula'),
    ('BYN', 2, 'Belarusian ruble'),
    ('BZD', 2, 'Belize dollar'),
    ('CAD', 2, 'Canadian dollar'),
    ('CDF', 2, 'Congolese franc'),
    ('CHF', 2, 'Swiss franc'),
    ('CLP', 0, 'Chilean peso'),
    ('CNY', 2, 'Yuan renminbi'),
    ('COP', 2, 'Colombian peso'),
    ('CRC', 2, 'Costa Rican colon'),
    ('CUP', 2, 'Cuban peso'),
    ('CVE', 2, 'Cabo Verde escudo'),
    ('CZK', 2, 'Czech koruna'),
    ('DJF', 0, 'Djibouti franc'),
    ('DKK', 2, 'Danish krone'),
    ('DOP', 2, 'Dominican peso'),
    ('DZD', 2, 'Algerian dinar'),
    ('EGP', 2, 'Egyptian pound'),
    ('ERN', 2, 'Nakfa'),
    ('ETB', 2, 'Ethiopian birr'),
    ('EUR', 2, 'Euro'),
    ('FJD', 2, 'Fiji dollar'),
    ('FKP', 2, 'Falkland Islands pound'),
    ('GBP', 2, 'Pound sterling'),
    ('GEL', 2, 'Lari'),
    ('GHS', 2, 'Ghana cedi'),
    ('GIP', 2, 'Gibraltar pound'),
    ('GMD', 2, 'Dalasi'),
    ('GNF', 0, 'Guinean franc'),
    ('GTQ', 2, 'Quetzal'),
    ('GYD', 2, 'Guyana dollar'),
    ('HKD', 2, 'Hong Kong dollar'),
    ('HNL', 2, 'Lempira'),
    ('HTG', 2, 'Gourde'),
    ('HUF', 2, 'Forint'),
    ('IDR', 2, 'Rupiah'),
    ('ILS', 2, 'New Israeli sheqel'),
    ('INR', 2, 'Indian rupee'),
    ('IQD', 3, 'Iraqi dinar'),
    ('IRR', 2, 'Iranian rial'),
    ('ISK', 0, 'Iceland krona'),
    ('JMD', 2, 'Jamaican dollar'),
    ('JOD', 3, 'Jordanian dinar'),
    ('JPY', 0, 'Yen'),
    ('KES', 2, 'Kenyan shilling'),
    ('KGS', 2, 'Som'),
    ('KHR', 2, 'Riel'),
    ('KMF', 0, 'Comorian franc'),
    ('KPW', 2, 'North Korean won'),
    ('KRW', 0, 'Won'),
    ('KWD', 3, 'Kuwaiti dinar'),
    ('KYD', 2, 'Cayman Islands dollar'),
    ('KZT', 2, 'Tenge'),
    ('LAK', 2, 'Lao kip'),
    ('LBP', 2, 'Lebanese pound'),
    ('LKR', 2, 'Sri Lanka rupee'),
    ('LRD', 2, 'Liberian dollar'),
    ('LSL', 2, 'Loti'),
    ('LYD', 3, 'Libyan dinar'),
    ('MAD', 2, 'Moroccan dirham'),
    ('MDL', 2, 'Moldovan leu'),
    ('MGA', 2, 'Malagasy ariary'),
    ('MKD', 2, 'Denar'),
    ('MMK', 2, 'Kyat'),
    ('MNT', 2, 'Tugrik'),
    ('MOP', 2, 'Pataca'),
    ('MRU', 2, 'Ouguiya'),
    ('MUR', 2, 'Mauritius rupee'),
    ('MVR', 2, 'Rufiyaa'),
    ('MWK', 2, 'Malawi kwacha'),
    ('MXN', 2, 'Mexican peso'),
    ('MYR', 2, 'Malaysian ringgit'),
    ('MZN', 2, 'Mozambique metical'),
    ('NAD', 2, 'Namibia dollar'),
    ('NGN', 2, 'Naira'),
    ('NIO', 2, 'Cordoba oro'),
    ('NOK', 2, 'Norwegian krone'),
    ('NPR', 2, 'Nepalese rupee'),
    ('NZD', 2, 'New Zealand dollar'),
    ('OMR', 3, 'Rial Omani'),
    ('PAB', 2, 'Balboa'),
    ('PEN', 2, 'Sol'),
    ('PGK', 2, 'Kina'),
    ('PHP', 2, 'Philippine peso'),
    ('PKR', 2, 'Pakistan rupee'),
    ('PLN', 2, 'Zloty'),
    ('PYG', 0, 'Guarani'),
    ('QAR', 2, 'Qatari rial'),
    ('RON', 2, 'Romanian leu'),
    ('RSD', 2, 'Serbian dinar'),
    ('RUB', 2, 'Russian ruble'),
    ('RWF', 0, 'Rwanda franc'),
    ('SAR', 2, 'Saudi riyal'),
    ('SBD', 2, 'Solomon Islands dollar'),
    ('SCR', 2, 'Seychelles rupee'),
    ('SDG', 2, 'Sudanese pound'),
    ('SEK', 2, 'Swedish krona'),
    ('SGD', 2, 'Singapore dollar'),
    ('SHP', 2, 'Saint Helena pound'),
    ('SLE', 2, 'Leone'),
    ('SOS', 2, 'Somali shilling'),
    ('SRD', 2, 'Surinam dollar'),
    ('SSP', 2, 'South Sudanese pound'),
    ('STN', 2, 'Dobra'),
    ('SVC', 2, 'El Salvador colon'),
    ('SYP', 2, 'Syrian pound'),
    ('SZL', 2, 'Lilangeni'),
    ('THB', 2, 'Baht'),
    ('TJS', 2, 'Somoni'),
    ('TMT', 2, 'Turkmenistan manat'),
    ('TND', 3, 'Tunisian dinar'),
    ('TOP', 2, 'Paanga'),
    ('TRY', 2, 'Turkish lira'),
    ('TTD', 2, 'Trinidad and Tobago dollar'),
    ('TWD', 2, 'New Taiwan dollar'),
    ('TZS', 2, 'Tanzanian shilling'),
    ('UAH', 2, 'Hryvnia'),
    ('UGX', 0, 'Uganda shilling'),
    ('USD', 2, 'US dollar'),
    ('UYU', 2, 'Peso uruguayo'),
    ('UZS', 2, 'Uzbekistan sum'),
    ('VED', 2, 'Digital bolivar'),
    ('VES', 2, 'Bolivar soberano'),
    ('VND', 0, 'Dong'),
    ('VUV', 0, 'Vatu'),
    ('WST', 2, 'Tala'),
    ('XAF', 0, 'CFA franc BEAC'),
    ('XCD', 2, 'East Caribbean dollar'),
    ('XOF', 0, 'CFA franc BCEAO'),
    ('XPF', 0, 'CFP franc'),
    ('YER', 2, 'Yemeni rial'),
    ('ZAR', 2, 'Rand'),
    ('ZMW', 2, 'Zambian kwacha');

create table core.business_rules (
    business_rule_id bigint generated always as identity,
    name text not null,
    currency text,
    value numeric(19, 4) not null,
    is_enabled boolean not null default true,
    unit text not null,
    description text not null,
    version bigint not null default 1,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null default current_user,
    constraint business_rules_pkey primary key (business_rule_id),
    constraint business_rules_name_currency_key unique nulls not distinct (name, currency),
    constraint business_rules_currency_fkey foreign key (currency)
    references core.currencies (code) on delete restrict,
    constraint business_rules_name_is_snake_case_check check (name ~ '^[a-z][a-z0-9_]*$'),
    constraint business_rules_value_fits_its_unit_check check (
        value >= 0 and (unit = 'money' or value = pg_catalog.trunc(value) and value <= 999999999)
    )
);
comment on table core.business_rules is
'Limits as data. Functions read them when they act; rows that must obey one keep a copy of it.';
comment on column core.business_rules.business_rule_id is
'Surrogate key: the currency may be null.';
comment on column core.business_rules.name is 'What the functions ask for.';
comment on column core.business_rules.currency is
'The currency that the value holds for; null for every currency without a row of its own.';
comment on column core.business_rules.value is 'The limit, in the unit beside it.';
comment on column core.business_rules.is_enabled is 'A rule that is off limits nothing.';
comment on column core.business_rules.unit is 'What the value counts.';
comment on column core.business_rules.description is 'What the rule is for.';
comment on column core.business_rules.version is
'Counts edits; core.set_business_rule compares it.';
comment on column core.business_rules.updated_at is 'When it was last edited.';
comment on column core.business_rules.updated_by is 'The actor of the last edit.';
comment on index core.business_rules_pkey is 'For foreign keys and tools; functions go by name.';
comment on index core.business_rules_name_currency_key is 'For core.rule.';

create index business_rules_currency_idx on core.business_rules (currency);
comment on index core.business_rules_currency_idx is
'For the foreign key to core.currencies when a currency is deleted.';

insert into core.business_rules (name, value, is_enabled, unit, description) values
    ('order_total_min', 10.00, true, 'money', 'An order is worth at least this.'),
    ('order_total_max', 10000.00, true, 'money', 'An order is worth at most this.'),
    ('order_lines_max', 50, true, 'lines', 'Lines of one order.'),
    ('order_units_max', 50, false, 'units', 'Units of one order, over all lines.'),
    ('pending_order_minutes', 30, true, 'minutes', 'A pending order ends after this.'),
    ('pending_orders_max', 5, true, 'orders', 'Pending orders of one user.'),
    ('cart_days', 30, true, 'days', 'A cart lives this long after its last change.'),
    ('cart_hold_minutes', 5, true, 'minutes', 'A cart holds its stock this long.'),
    ('cart_holds_max', 5, true, 'holds', 'Active cart holds of one owner and variant.'),
    ('reservation_items_max', 1000, true, 'items', 'Items of one reservation.'),
    ('bulk_items_max', 10000, true, 'items', 'Items of one bulk call.'),
    ('on_hand_max', 10000, true, 'units', 'Ceiling of a new stock row; settable per row.'),
    ('min_stock_level', 5, true, 'units', 'Low-stock level of a new stock row; settable per row.'),
    ('price_max', 100000.00, true, 'money', 'A price is above zero and at most this.');

create table core.idempotency_keys (
    scope text not null,
    key text not null,
    request_hash bytea not null,
    response jsonb,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    created_by text not null,
    constraint idempotency_keys_pkey primary key (scope, key),
    constraint idempotency_keys_key_length_check check (pg_catalog.length(key) between 1 and 255),
    constraint idempotency_keys_request_is_sha256_check check (pg_catalog.length(request_hash) = 32)
);
comment on table core.idempotency_keys is
'Calls that were answered, with the answer: written by the transaction that did the work.';
comment on column core.idempotency_keys.scope is
'The function, and the owner where two owners may choose the same key.';
comment on column core.idempotency_keys.key is 'What the client sent, 1 to 255 characters.';
comment on column core.idempotency_keys.request_hash is
'SHA-256 of the arguments: the same key with others is an error.';
comment on column core.idempotency_keys.response is
'The answer that a repetition gets. Null only inside the transaction that is still at work.';
comment on column core.idempotency_keys.created_at is 'When the call was made.';
comment on column core.idempotency_keys.created_by is 'The actor of the call.';
comment on index core.idempotency_keys_pkey is
'For core.stored_response and core.claim_key: two calls with one key meet here, and one waits.';
